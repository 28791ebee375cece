"""Writes down what a chat server's database holds, as one JSON object. Knows nothing but its tables."""

import hashlib
import json
import sqlite3
import sys


def main(path):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    db.execute("BEGIN")
    extents = {}
    for key, head, floor in db.execute("SELECT key, head, floor FROM conversation"):
        extents[key] = {"floor": floor or head + 1, "head": head}
    entries = [
        {
            "conversation": key,
            "seq": seq,
            "at": at,
            "from": author,
            "id": id,
            "hash": hashlib.sha256(text.encode()).hexdigest()[:16],
        }
        for key, seq, at, author, id, text in db.execute(
            "SELECT key, seq, at, author, entry.id, text FROM entry"
            " JOIN conversation ON conversation.id = entry.conversation ORDER BY entry.n"
        )
    ]
    problems = [row[0] for row in db.execute("PRAGMA integrity_check")]
    json.dump({"entries": entries, "extents": extents, "integrity": "\n".join(problems)}, sys.stdout)


main(sys.argv[1])
