"""Judges what a crash left of a store, without a line of the store's own code.

Reads one question a line, {"folder": where the store is, "told": the file of the scenario's lines, "lines": how many of
them had been said, or null for all}. Answers each with a line {"wrong": [...], "stored": n, "ambiguous": n}: what is
wrong, how many entries there are, and how many of them were never acknowledged.
"""
import functools
import json
import os
import sqlite3
import sys

FILE = "chat.db"


@functools.cache
def said(path, size):
    """The lines of a file that had this size, those that are whole."""
    if size == 0:
        return []
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.endswith("\n")]


def lines_of(question):
    path = question["told"]
    size = os.path.getsize(path) if os.path.exists(path) else 0
    return said(path, size)[: question["lines"]]


def expected(lines):
    """What may be there (entries by sender and id), and what must be."""
    tried, acknowledged, people = {}, {}, []
    for line in lines:
        what, asked = line.get("try"), line.get("asked")
        if what == "append":
            for draft in asked:
                tried.setdefault((draft["sender"], draft["id"]), []).append(draft)
        if line.get("did") == "append":
            for got in line["got"]:
                acknowledged[got["entry"]["sender"], got["entry"]["id"]] = got["entry"]
        elif "did" in line:
            people.append((line["did"], asked, line.get("got")))
    return tried, acknowledged, people


def check_entries(entries, tried, acknowledged, wrong):
    there, last = {}, {}
    for entry in entries:
        key = entry["sender"], entry["id"]
        if key in there:
            wrong.append(f"twice: {key}")
        there[key] = entry
        if entry["seq"] != last.get(entry["conversation"], 0) + 1:
            wrong.append(f"no dense seqs: {key} has {entry['seq']}")
        last[entry["conversation"]] = entry["seq"]
        drafts = tried.get(key, [])
        if not any(all(entry[name] == draft[name] for name in ("conversation", "from", "text")) for draft in drafts):
            wrong.append(f"nobody said: {key}")
    for key, entry in acknowledged.items():
        if key not in there:
            wrong.append(f"lost: {key}")
        elif there[key] != entry:
            wrong.append(f"not as acknowledged: {key}")
    return len(there.keys() - acknowledged.keys())


def check_people(db, people, wrong):
    names = dict(map(tuple, db.execute("SELECT id, name FROM account")))
    devices = set(map(tuple, db.execute("SELECT account, hash FROM device")))
    skeletons = {account for (account,) in db.execute("SELECT account FROM name_skeleton")}
    if not {account for account, _ in devices} == skeletons == set(names):
        wrong.append("an account without a device or a skeleton, or one of these without an account")
    for what, asked, got in people:
        if not present(db, names, devices, what, asked, got):
            wrong.append(f"lost: {what} {asked}")


def present(db, names, devices, what, asked, got):
    account = asked.get("account")

    def has(table, **values):
        where = " AND ".join(f"{name} = :{name}" for name in values)
        return db.execute(f"SELECT count(*) FROM {table} WHERE {where}", values).fetchone()[0] == 1

    if what == "enrol":
        return names.get(got["id"]) == got["name"] and (got["id"], asked["device"]["hash"]) in devices
    if what == "addDevice":
        return (account, asked["device"]["hash"]) in devices
    if what == "setRoom":
        return has("account_room", account=account, room=asked["room"])
    if what == "setSetting":
        return has("setting", key=asked["key"], value=asked["value"])
    if what == "identify":
        return has("guest_name", name=asked["name"], identity=got)
    if what == "search":
        return True
    query = "SELECT m.* FROM mark m JOIN conversation c ON c.id = m.conversation WHERE m.account = ? AND c.key = ?"
    marks = db.execute(query, (account, asked["conversation"])).fetchone()
    least = got if what == "openMarks" else asked["marks"]
    return marks is not None and all(marks[name] >= value for name, value in least.items())


def entries_of(db):
    query = """SELECT c.key AS conversation, e.seq, e.author AS 'from', s.identity AS sender, e.id, e.text, e.at
        FROM entry e JOIN conversation c ON c.id = e.conversation JOIN sender s ON s.id = e.sender
        ORDER BY e.conversation, e.seq"""
    return [dict(row) for row in db.execute(query)]


def heads_are_true(db):
    query = """SELECT c.key FROM conversation c LEFT JOIN entry e ON e.conversation = c.id
        GROUP BY c.id HAVING c.head <> count(e.seq)"""
    return [f"wrong head: {key}" for (key,) in db.execute(query)]


def judge(question):
    tried, acknowledged, people = expected(lines_of(question))
    path = os.path.join(question["folder"], FILE)
    if not os.path.exists(path):
        return {"wrong": ["no file"] if acknowledged or people else [], "stored": 0, "ambiguous": 0}
    db = sqlite3.connect(path, isolation_level=None)
    db.row_factory = sqlite3.Row
    try:
        return judge_file(db, tried, acknowledged, people)
    except sqlite3.Error as error:
        return {"wrong": [f"cannot be read: {error}"], "stored": 0, "ambiguous": 0}
    finally:
        db.close()


def judge_file(db, tried, acknowledged, people):
    wrong = [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    wrong += [f"foreign key: {tuple(row)}" for row in db.execute("PRAGMA foreign_key_check")]
    if db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
        if acknowledged or people:
            wrong.append("no schema")
        return {"wrong": wrong, "stored": 0, "ambiguous": 0}
    entries = entries_of(db)
    ambiguous = check_entries(entries, tried, acknowledged, wrong)
    check_people(db, people, wrong)
    wrong += heads_are_true(db)
    return {"wrong": wrong, "stored": len(entries), "ambiguous": ambiguous}


for question in sys.stdin:
    print(json.dumps(judge(json.loads(question))), flush=True)
