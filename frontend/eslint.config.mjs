// The rules of the JavaScript sources: `npm run check` applies them, and the types in their comments.
import js from "@eslint/js";
import stylistic from "@stylistic/eslint-plugin";
import globals from "globals";

const style = stylistic.configs.customize({ indent: 2, quotes: "double", semi: true, arrowParens: true });

export default [
  js.configs.recommended,
  style,
  {
    rules: {
      eqeqeq: "error",
      "no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "no-var": "error",
      "prefer-const": "error",
      "max-lines": ["error", 500],
      "max-lines-per-function": ["error", 50],
      "@stylistic/max-len": ["error", 120],
      // A short body may stay on the line of its condition or list.
      "@stylistic/max-statements-per-line": ["error", { max: 2 }],
      "@stylistic/object-curly-newline": "off",
      "@stylistic/operator-linebreak": ["error", "before", { overrides: { "=": "after" } }],
      "@stylistic/brace-style": ["error", "1tbs", { allowSingleLine: true }],
      "@stylistic/quote-props": ["error", "as-needed"],
      "@stylistic/multiline-ternary": "off",
      "@stylistic/list-style": "off",
    },
  },
  { files: ["query/**", "shared/**", "site/**", "view/**", "vis/**"], languageOptions: { globals: globals.browser } },
  { files: ["view/**"], languageOptions: { globals: { GROUPED: "readonly" } } },
  { files: ["vis/**"], languageOptions: { globals: { vis: "readonly" } } },
  { files: ["*.mjs"], languageOptions: { globals: globals.node } },
];
