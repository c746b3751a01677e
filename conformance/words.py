"""What an answer to a four-letter word looks like, whatever the server has counted."""

import re

WORDS = "ruok srvr stat conf cons dump envi wchs wchc wchp dirs isro gtmk hash mntr srst crst xxxx".split()
PART_OF_SUMMARY = re.compile(r"^(avg|min|max|cnt|sum|p50|p95|p99|p999)_")
# Their golden is a set of keys.
KEYED = ("mntr", "conf", "envi")


def structure(word, text):
    """The shape of one answer, as lines, with numbers, addresses and times masked."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    if word == "mntr":
        return sorted(metrics({line.split("\t")[0].removeprefix("zk_") for line in lines}))
    if word in KEYED:
        return sorted({line.split("=")[0] for line in lines})
    shapes = [shape(word, line) for line in lines]
    # How many connections there are is the caller's affair.
    if word == "stat":
        return list(dict.fromkeys(shapes))
    return sorted(set(shapes)) if word in ("dump", "wchc", "wchp", "cons", "hash") else shapes


def metrics(names):
    """The names of all metrics: those of the several lines of a summary are one name."""
    names = [name for name in names if "quantile" not in name and "per_namespace" not in name]
    summaries = {name.removeprefix("cnt_") for name in names if name.startswith("cnt_")}
    return {PART_OF_SUMMARY.sub("", name) if PART_OF_SUMMARY.sub("", name) in summaries else name for name in names}


def shape(word, line):
    line = re.sub(r"Zookeeper version: .*", "Zookeeper version: V, built on D", line)
    if word == "hash":
        line = re.sub(r"^[0-9a-f]+: -?[0-9a-f]+$", "ZXID: DIGEST", line)
    line = re.sub(r"expire at .*", "expire at DATE", line)
    line = re.sub(r"\[?(0:)*127\.0\.0\.1\]?:\d+|\[0:0:0:0:0:0:0:1\]:\d+", "HOST", line)
    line = re.sub(r"0x[0-9a-f]+", "0xN", line)
    line = re.sub(r"-?\d+(\.\d+)?(E-?\d+)?", "N", line)
    line = re.sub(r"lop=\w+", "lop=OP", line)
    return re.sub(r"\bN\w*: Zab|-?N/-?N/-?N", "N/N/N", line)
