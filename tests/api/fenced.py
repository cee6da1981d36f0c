#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The second wall in the database of a running service, table by table: whoever has its role but not the name of the
pharmacy sees no row, and nobody writes a row of another pharmacy or changes what is kept for good. TAP."""
import subprocess

import tap
from house import House
from nodes import prepare

FOR_GOOD = ("journal", "journal_seal", "journal_checkpoints", "orders", "schedules", "events", "settings")


def as_app(house, statements):
    """What the role of the running service gets; one statement after another in one session."""
    out = subprocess.run(
        [house.psql(), "-h", (house.base() / "socket").read_text(), "-U", "rolwacht_app", "-d", "rolwacht", "-X", "-q",
         "-A", "-t"], input=";\n".join(statements) + ";\n", capture_output=True, text=True, check=False)
    return out.stdout.split(), out.stderr


def rows_seen(house, tables, pharmacy):
    ask = [f"SELECT '{table}=' || count(*) FROM {table}" for table in tables]
    setting = [f"SET rolwacht.pharmacy = '{pharmacy}'"] if pharmacy else []
    out, err = as_app(house, setting + ask)
    assert not err, err
    return dict(line.split("=") for line in out)


def check(house):
    tables = [row[0] for row in house.sql(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE a.attname = 'pharmacy_id'"
        " AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1")]
    kept = {table: house.sql(f"SELECT count(*) FROM {table}")[0][0] for table in tables}
    if len(tables) < 20 or sum(count != "0" for count in kept.values()) < 12:
        yield f"too little to be seen: {kept}"
    seen = rows_seen(house, tables, "pharmacy")  # the journal may have grown meanwhile
    yield from (f"the service sees {seen[table]} of {kept[table]} rows of {table}"
                for table in tables if int(seen[table]) < int(kept[table]))
    for pharmacy in ("", "other"):
        seen = {table: count for table, count in rows_seen(house, tables, pharmacy).items() if count != "0"}
        if seen:
            yield f"as \"{pharmacy}\" these are seen: {seen}"
    house.sql("INSERT INTO pharmacies VALUES ('other', 0)")
    for statement in ("INSERT INTO exits (pharmacy_id, exit) VALUES ('other', 'x')",
                      "UPDATE tokens SET pharmacy_id = 'other'"):
        _, err = as_app(house, ["SET rolwacht.pharmacy = 'pharmacy'", statement])
        if "row-level security" not in err:
            yield f"{statement}: {err}"
    for table in FOR_GOOD:
        for statement in (f"UPDATE {table} SET pharmacy_id = pharmacy_id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            _, err = as_app(house, ["SET rolwacht.pharmacy = 'pharmacy'", statement])
            if "permission denied" not in err:
                yield f"{statement}: {err}"
    _, err = as_app(house, [f"ALTER TABLE {tables[0]} DISABLE ROW LEVEL SECURITY"])
    if "must be owner" not in err:
        yield f"the wall can be taken down: {err}"


def main():
    house = House()
    roll = prepare(house)
    assert house.call("apo", "POST", f"/v1/rolls/{roll}/release", {"dispenser": "d-7"}).status == 200
    print("1..1", flush=True)
    wrong = list(check(house))
    signs, log = house.close()
    tap.conclude("no table of the running service is without its wall", wrong, signs, log)


if __name__ == "__main__":
    main()
