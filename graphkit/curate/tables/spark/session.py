"""Starts Spark, and turns its errors into messages."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import sys
import threading
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.curate.tables.bulk.chunks import LONGEST_LINE
from graphkit.model.errors import GraphkitError, MissingExtraError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from pyspark.sql import SparkSession

JAVA = 17
_VERSION = re.compile(r'version "(?:1\.)?(\d+)')
_INSTALL = f"Install Java {JAVA} or newer (Debian: apt-get install openjdk-17-jre-headless), or set JAVA_HOME."
_JAVA_OPTIONS = "-XX:TieredStopAtLevel=1"
_LOOPBACK = "127.0.0.1"
_SHOWN = 300
_PATIENCE = 30.0
# With fewer, Spark would sort the rows by part before it writes them, and change the order of those of one part.
_WRITERS = "spark.sql.maxConcurrentOutputFileWriters"
_NOWHERE = logging.NullHandler()
# The cause in the stack of a JVM, and the last line of a traceback.
_CAUSE = re.compile(r"Caused by: |[A-Za-z.]*(?:Error|Exception): ")


def master_of(engine: str) -> str:
    """Return the master that Spark connects to.

    >>> master_of("spark"), master_of("spark://local[2]"), master_of("spark://head:7077"), master_of("spark://yarn")
    ('local[*]', 'local[2]', 'spark://head:7077', 'yarn')
    """
    kind, _, rest = engine.partition("://")
    if kind != "spark" or (not rest and "://" in engine):
        raise GraphkitError(
            f"There is no engine {engine!r}.", "Type spark, or spark:// and a master: spark://local[4]."
        )
    if not rest:
        return "local[*]"
    return rest if rest.startswith(("local", "k8s:")) or rest == "yarn" else engine


def require_java(home: str) -> None:
    """Refuse a missing or old Java before Spark does, which gives no reason.

    Args:
        home: The folder of Java; "" to look on the PATH.

    Raises:
        GraphkitError: There is no Java, or it is too old.
    """
    java = shutil.which("java", path=str(Path(home, "bin")) if home else None)
    if java is None:
        where = f"in JAVA_HOME, which is {home}" if home else "on the PATH"
        raise GraphkitError(f"Spark needs Java {JAVA}, and there is no java {where}.", _INSTALL)
    run = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603 - the user's own
    said = run.stderr
    found = _VERSION.search(said)
    if not found or int(found[1]) < JAVA:
        version = f"version {found[1]}" if found else "of no known version"
        raise GraphkitError(f"Spark needs Java {JAVA} or newer; {java} is {version}.", _INSTALL)


def _settings(master: str) -> dict[str, str]:
    """Return the settings of a session; spark-defaults.conf decides about everything else."""
    common = {
        "spark.app.name": "graphkit",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.session.timeZone": "UTC",
        # A source with all its lines is one row of up to some 10 MB: Spark reads 4,096 rows at once by default, which
        # do not fit into the memory that it takes by default.
        "spark.sql.execution.arrow.maxRecordsPerBatch": "500",
        "spark.sql.execution.arrow.maxBytesPerBatch": "16000000",
        "spark.sql.parquet.columnarReaderBatchSize": "64",
        "spark.hadoop.mapreduce.input.linerecordreader.line.maxlength": str(LONGEST_LINE),
    }
    if not master.startswith("local"):
        return common
    return {
        **common,
        "spark.driver.host": _LOOPBACK,
        "spark.driver.bindAddress": _LOOPBACK,
        # Java only moves bytes between Python processes: its optimising compiler takes more time than it saves.
        **{f"spark.{process}.defaultJavaOptions": _JAVA_OPTIONS for process in ("driver", "executor")},
    }


@contextmanager
def session(engine: str, log: Path, environment: MutableMapping[str, str]) -> Iterator[SparkSession]:
    """Start Spark, and stop it at the end. A session that runs already is used, and goes on with its own settings.

    Args:
        engine: spark, or spark:// and a master.
        log: The file for the messages of Spark and its processes.
        environment: The variables of the process, which Spark reads.

    Raises:
        MissingExtraError: pyspark is not installed.
        GraphkitError: Java is missing or too old, or there is no such master.
        StoreError: Spark failed; nothing is current that is not whole.
    """
    master = master_of(engine)
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtraError("pyspark", "spark") from error
    from py4j.protocol import Py4JError

    try:
        with warnings.catch_warnings():
            # pyspark warns of each new pandas.
            warnings.simplefilter("ignore", FutureWarning)
            running = SparkSession.getActiveSession()
            spark = running or _start(SparkSession.builder, master, log, environment)
            before = spark.conf.get(_WRITERS) or "0"
            spark.conf.set(_WRITERS, "1000000")
            try:
                yield spark
            finally:
                if running:
                    spark.conf.set(_WRITERS, before)
                else:
                    _stop(spark)
    except (PySparkException, Py4JError, ConnectionError) as error:
        ended = "its Java process ended, perhaps because memory was short."
        message = f"Spark stopped: {ended if isinstance(error, ConnectionError) else _reason(str(error))}"
        raise StoreError(message, f"See {log}. The same command goes on from the last complete stage.") from error


def _start(
    builder: SparkSession.Builder, master: str, log: Path, environment: MutableMapping[str, str]
) -> SparkSession:
    require_java(environment.get("JAVA_HOME", ""))
    if master.startswith("local"):
        environment.setdefault("SPARK_LOCAL_IP", _LOOPBACK)
        environment.setdefault("PYSPARK_PYTHON", sys.executable)
    logging.getLogger("py4j").addHandler(_NOWHERE)  # it logs the traceback of each lost connection
    with _errors_in(log):
        return builder.master(master).config(map=dict(_settings(master))).getOrCreate()


def _stop(spark: SparkSession) -> None:
    """Stop a session; a Spark that lost an executor may never end by itself."""
    gateway = spark.sparkContext._gateway  # noqa: SLF001 - Spark has no other way to its process
    stopping = threading.Thread(target=spark.stop, daemon=True)
    stopping.start()
    stopping.join(_PATIENCE)
    if stopping.is_alive() and hasattr(gateway, "proc"):
        gateway.proc.kill()


def _reason(text: str) -> str:
    """Return the cause in the error of a JVM, which begins with its stack."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    causes = [line.removeprefix("Caused by: ") for line in lines if _CAUSE.match(line)]
    return (causes[-1] if causes else next(iter(lines), "no reason given."))[:_SHOWN]


@contextmanager
def _errors_in(log: Path) -> Iterator[None]:
    """Let processes that start here write their errors to a file."""
    log.parent.mkdir(parents=True, exist_ok=True)
    kept = os.dup(2)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
