#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A citizen service number that came with an order stands nowhere on the disk. Output is TAP."""
import json

import tap
from house import ROOT, House, soon

NUMBER = "999911132"  # reserved for tests
SYSTEM = "http://fhir.nl/fhir/NamingSystem/bsn"


def with_number():
    bundle = json.loads((ROOT / "samples/orders-c1003.json").read_text())
    patient = next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Patient")
    patient["identifier"].insert(0, {"system": SYSTEM, "value": NUMBER})
    return bundle


def places(top):
    """The files below that hold the number, beside what the test itself wrote."""
    return [str(path.relative_to(top)) for path in top.rglob("*")
            if path.is_file() and not path.is_symlink() and NUMBER.encode() in path.read_bytes()]


def main():
    house = House()
    wrong = []
    try:
        house.make_token("apo", "apotheker")
        for kind in ("policy", "products"):
            house.call("apo", "PUT", f"/v1/{kind}", (ROOT / f"samples/{kind}.json").read_bytes())
        first = house.call("apo", "POST", "/v1/orders", with_number())
        again = house.call("apo", "POST", "/v1/orders", with_number())
        if (first.status, again.status) != (201, 200) or first.json["order"] != again.json["order"]:
            wrong.append(f"{first.status} {first.body}, then {again.status} {again.body}")
        roll = house.call("apo", "POST", "/v1/rolls", {"client": "c1003", "from": soon(), "days": 2})
        if roll.status != 201:
            wrong.append(f"what was sealed was not planned from: {roll.body}")
        clear = house.sql("SELECT order_id FROM orders WHERE sealed = 0"
                          f" OR position('{NUMBER}' IN encode(bytes, 'escape')) > 0")
        wrong += [f"it is kept in clear: {clear}"] if clear else []
        house.sql("CHECKPOINT")
        wrong += [f"the number stands in {place}" for place in places(house.top)]
        house.sql("UPDATE orders SET bytes = set_byte(bytes, 50, get_byte(bytes, 50) # 1)")
        roll = house.call("apo", "POST", "/v1/rolls", {"client": "c1003", "from": soon(), "days": 3})
        if roll.status < 400 or NUMBER in roll.body.decode():
            wrong.append(f"a changed document was planned from: {roll.status} {roll.body}")
    finally:
        signs, log = house.close()
    wrong += ["the log holds the number"] if NUMBER in log else []
    print("1..1")
    tap.conclude("a citizen service number is kept sealed", wrong, signs, log)


if __name__ == "__main__":
    main()
