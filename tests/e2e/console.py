#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The console in a real browser: from the first sign-in to a released roll. Output is TAP.

Every page that is seen is also judged by axe-core (WCAG A and AA), and must not make the browser
complain. ROLWACHT_SHOTS names a folder for pictures of the pages.
"""
import datetime
import functools
import os
import pathlib
import re
import signal
import sys
import time
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "api"))
import browser as browser_file  # noqa: E402
import tap  # noqa: E402
from house import ROOT, House, soon  # noqa: E402
from visitor import PASSWORD, totp  # noqa: E402

SHOTS = os.environ.get("ROLWACHT_SHOTS")
PAGE_LETTERS_MAX = 1500


class Person:
    """Somebody who signs in, with an app that makes codes."""

    def __init__(self, name):
        self.name = name
        self.code = None
        self.secret = None


class Walk:
    """The browser, the service, and what was seen on the way."""

    def __init__(self):
        self.house = House()
        self.browser = browser_file.Browser()
        self.admin, self.apo, self.ass = Person("admin"), Person("a.vermeer"), Person("j.smit")
        self.karin = Person("karin")
        self.admin.code = (self.house.state / "keys/administrator.code").read_text()
        self.roll = None
        self.seen = 0

    def go(self, path):
        return self.browser("go", url="https://" + self.house.people + path)

    def fill(self, **fields):
        for name, text in fields.items():
            self.browser("fill", f'[name="{name}"]', text=text)

    def look(self, name):
        """axe, and a picture at the widths of a desk and of a phone."""
        self.seen += 1
        found = self.browser("violations")
        assert not found, f"{name}: {found}"
        if not SHOTS:
            return
        folder = pathlib.Path(SHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        for width, height, end in ((1280, 900, ""), (390, 844, "-phone")):
            self.browser("size", width=width, height=height)
            self.browser("shot", path=str(folder / f"{name}{end}.png"))
        self.browser("size", width=1280, height=900)

    def set_up(self, person):
        """From the one-time code to a session with both factors."""
        self.go("/setup")
        self.fill(person=person.name, code=person.code, new_password=PASSWORD)
        self.browser("click", "button.main")
        person.secret = self.browser("text", ".secret code")
        self.fill(code=totp(person.secret))
        self.browser("click", "button.main")
        self.browser("wait", ".note.good")

    def sign_in(self, person):
        self.house.sql("UPDATE persons SET totp_step = 0")  # a test does not wait for the next code
        self.go("/login")
        self.fill(person=person.name, password=PASSWORD, code=totp(person.secret))
        self.browser("click", "button.main")
        self.browser("wait", ".me")

    def sign_out(self):
        self.browser("click", ".me button")
        self.browser("wait", ".gate")

    def close(self):
        self.browser.close()
        return self.house.close()


def tells_that_nobody_answers(walk, name, text):
    """The open page does, by itself, for as long as that lasts."""
    assert walk.browser("count", "#no-answer:visible") == 0
    walk.browser("offline", on=True)
    try:
        walk.browser("has", "#no-answer", text=text)
        walk.look(name)
    finally:
        walk.browser("offline", on=False)
    walk.browser("gone", "#no-answer")
    complains_of_nothing(walk, "htmx:afterRequest", "htmx:sendError", "Failed to load resource: net::ERR_INTERNET_DISCONNECTED")


def complains_of_nothing(walk, *but):
    """Beside refusals that were asked for, and what begins so."""
    complaints = [line for line in walk.browser("complaints") if "with a status of 40" not in line and not line.startswith(but)]
    assert not complaints, complaints


def the_first_administrator_comes_in_and_invites(walk):
    walk.go("/")
    walk.look("login")
    walk.go("/setup")
    walk.look("setup")
    walk.set_up(walk.admin)
    walk.look("account")
    walk.go("/persons")
    for person, name, role in ((walk.apo, "Anna Vermeer", "apotheker"), (walk.ass, "Joris Smit", "assistent")):
        walk.fill(new_person=person.name, name=name)
        walk.browser("choose", "#role", value=role)
        walk.browser("click", ".card button.main")
        person.code = walk.browser("text", ".secret code")
    walk.look("persons")
    assert walk.go("/rolls") == 403
    walk.look("failure")
    walk.sign_out()


def a_roll_is_planned_and_approved(walk):
    walk.set_up(walk.apo)
    walk.sign_out()
    walk.set_up(walk.ass)
    walk.sign_out()
    walk.sign_in(walk.ass)
    walk.browser("click", "details summary")
    walk.browser("file", "#orders", path=str(ROOT / "samples/orders-c1001.json"))
    walk.browser("click", 'form[action="/orders"] button')
    walk.browser("wait", ".note.good")
    walk.fill(**{"from": soon(), "days": "3"})
    walk.browser("click", 'form[action="/rolls"] button.main')
    walk.browser("wait", "ol.film")
    walk.roll = walk.browser("url").split("/rolls/")[1][:9]
    walk.sign_out()
    walk.sign_in(walk.apo)  # another than who planned it: it holds a weekly medicine
    walk.go("/rolls/" + walk.roll)
    walk.browser("has", ".finding", text="BISOPROLOL Met de hand gehalveerd")
    walk.browser("has", 'label[for^="reason-"]', text="D11 ALENDRONINEZUUR: ")
    walk.look("roll-planned")
    for number in range(walk.browser("count", 'input[name^="reason-"]')):
        walk.browser("fill", f'input[name^="reason-"] >> nth={number}', text="gewogen")
    walk.browser("click", 'form[action$="/approve"] button')
    walk.browser("has", "h1 .chip", text="goedgekeurd")
    walk.sign_out()
    walk.sign_in(walk.ass)  # and another than who releases it
    walk.go("/rolls/" + walk.roll)
    walk.browser("click", 'form[action$="/print"] button')
    walk.browser("has", "h1 .chip", text="geprint")


def the_line_is_seen_live(walk):
    walk.go("/lines")
    walk.look("lines")
    walk.go("/lines/l-1")
    walk.browser("has", ".signal", text="Wacht")
    house, bags = walk.house, walk.house.bags(walk.roll)
    assert house.call("l-1", "POST", "/v1/lines/l-1/claims").status == 200
    picture = walk.house.top / "picture.png"
    walk.browser("shot", path=str(picture), whole=False)
    walk.go("/rolls/" + walk.roll)
    for n, serial in bags[:3]:
        seen = house.glance("l-1", walk.roll, serial, "fail" if n == 2 else "pass", ["print-damaged"] if n == 2 else [])
        assert seen.status == 200, seen.body
    walk.browser("has", f"#said-{bags[2][1]} .so-far", text="tot nu fout")  # by itself, the page that is open
    walk.browser("has", "#on-line", text=f"3 / {len(bags)}")
    walk.look("roll-running")
    tells_that_nobody_answers(walk, "roll-silent", "kan intussen anders zijn")
    walk.go("/lines/l-1")
    walk.look("line-running")
    asks = '[hx-get="/lines/l-1/now"]'  # is not replaced itself: news that came meanwhile would be lost with it
    walk.browser("eval", script=f"document.querySelector('{asks}').dataset.stays = 1")
    for n, serial in bags:
        bad = n == 2
        answer = house.verdict("l-1", walk.roll, serial, "fail" if bad else "pass",
                               ["print-damaged"] if bad else [])
        assert answer.status == 200, answer.body
        if bad:
            walk.doubt = serial
            assert house.call("l-1", "PUT", f"/v1/rolls/{walk.roll}/bags/{serial}/picture",
                              picture.read_bytes()).status == 204
            walk.browser("has", ".signal", text="Stop")  # by itself
            assert walk.browser("count", asks + "[data-stays]") == 1, "what asks was replaced"
            walk.look("line-stop")
    walk.browser("has", ".signal", text="Ga door")
    walk.look("line")
    house.process.send_signal(signal.SIGSTOP)
    try:
        walk.browser("has", "#no-answer", text="antwoordt niet")
        assert walk.browser("count", ".signal:visible") == 0, "a light is shown that nobody vouches for"
        walk.look("line-silent")
    finally:
        house.process.send_signal(signal.SIGCONT)
    walk.browser("has", ".signal", text="Ga door")  # by itself
    assert walk.browser("count", "#no-answer:visible") == 0
    complains_of_nothing(walk, "htmx:afterRequest,", "htmx:timeout,")
    walk.go("/rolls/" + walk.roll)
    walk.look("roll-printed")
    walk.sign_out()


def the_doubtful_bag_is_judged_with_keys(walk):
    walk.sign_in(walk.ass)
    walk.go("/review")
    walk.look("review")
    walk.go(f"/rolls/{walk.roll}/bags/{walk.doubt}")
    walk.browser("has", ".plain li", text="0,5× BISOPROLOL")
    walk.look("bag")
    walk.go("/review")
    walk.browser("press", key="j")
    walk.browser("fill", 'ol.queue input[name="reason"]', text="leesbaar, alleen een kras")
    walk.browser("press", key="Escape")
    walk.browser("press", key="a")
    walk.browser("has", ".empty", text="Niets te beoordelen")
    walk.go("/rolls/" + walk.roll)
    walk.browser("fill", "#count-reason", text="nageteld, 3 dagen")
    walk.browser("click", 'form[action$="/judge"] button')
    walk.browser("has", ".note.good", text="natellen")
    assert walk.browser("count", 'form[action$="/release"]') == 0, "an assistant is offered a release"
    walk.sign_out()


def the_pharmacist_releases(walk):
    walk.sign_in(walk.apo)
    walk.fill(q=walk.roll)
    walk.browser("press", key="Enter")
    walk.browser("has", "tbody .chip", text="gecontroleerd")
    walk.look("rolls")
    walk.browser("click", "tbody a")
    walk.browser("choose", "#dispenser", value="d-7")
    walk.browser("click", 'form[action$="/release"] button')
    walk.browser("has", "h1 .chip", text="vrijgegeven")
    walk.look("roll-released")
    assert walk.house.call("d-7", "GET", "/v1/dispensers/d-7/schedule").status == 200


def a_change_is_seen_before_it_is_made(walk):
    more = "\n".join(("rolwacht/orders/1", "order,client,name,born,system,code,product,dose,unit,route,when,start,as_needed",
                      "o-9,c1001,Willem de Vries,1941-03-14,urn:oid:2.16.840.1.113883.2.4.4.7,95210079,,1,tablet,oral,,2026-11-01,yes"))
    patient = walk.house.call("setup", "GET", f"/v1/rolls/{walk.roll}").json["client"]
    more = more.replace("Willem de Vries,1941-03-14", f"{patient['name']},{patient['born']}")
    answer = walk.house.call("setup", "POST", "/v1/orders", more.encode())
    assert answer.status == 201, answer.body
    answer = walk.house.call("setup", "POST", "/v1/rolls", {"client": "c1001", "from": soon(), "days": 3, "replaces": walk.roll})
    assert answer.status == 201, answer.body
    walk.go("/rolls/" + answer.json["roll"])
    walk.browser("has", "#change", text=walk.roll)
    for number in range(walk.browser("count", 'input[name^="reason-"]')):
        walk.browser("fill", f'input[name^="reason-"] >> nth={number}', text="gewogen")
    walk.browser("click", 'form[action$="/approve"] button')
    walk.browser("has", "h1 .chip", text="goedgekeurd")
    walk.browser("has", ".finding", text="Dezelfde stof wordt ook gegeven door PARACETAMOL.")
    walk.look("roll-change")
    walk.browser("fill", "#amend-reason", text="doosje bezorgd")
    walk.browser("click", 'form[action$="/amend"] button')
    walk.browser("has", ".note.good", text="doorgevoerd")
    assert walk.browser("url").split("/rolls/")[1][:9] == walk.roll


def what_happens_at_home_is_seen(walk):
    walk.go("/dispensers")
    walk.browser("has", "tbody", text="d-7")
    walk.look("dispensers")
    # The last bag is one of the evening: the batch that is taken back later lies in one of a Monday's morning.
    walk.house.sql(f"UPDATE moments SET alarm_ms = 1 WHERE roll = '{walk.roll}'"
                   f" AND n = (SELECT max(n) FROM moments WHERE roll = '{walk.roll}')")
    ends = time.monotonic() + 20
    while walk.house.sql("SELECT count(*) FROM alarms") == [["0"]]:
        assert time.monotonic() < ends, "no alarm was raised"
        time.sleep(0.2)
    walk.go("/alarms")
    walk.look("alarms")
    tells_that_nobody_answers(walk, "alarms-silent", "nieuwe alarmen staan hier niet")
    walk.browser("click", "tbody button")
    walk.browser("has", "tbody .chip", text="gezien")
    walk.go("/journal?object=" + walk.roll)
    text = walk.browser("text", "tbody")
    for word in ("vrijgegeven", "a.vermeer", "j.smit", "beoordeeld", "gelezen"):
        assert word in text, word
    assert re.search(r", \d\d:\d\d:\d\d\b", text), "an act has no second"
    walk.look("journal")
    walk.go("/clients/c1001?from=2026-11-23&to=2199-12-30")
    walk.browser("has", "table.heat", text="✕")
    answer = walk.house.call("administrator", "POST", "/v1/persons", {"person": "karin", "name": "Karin de Wit", "role": "care"})
    assert answer.status == 201, answer.body
    walk.karin.code = answer.json["code"]
    walk.fill(follower="karin")
    walk.browser("fill", 'form[action$="/consents"] input[name="reason"]', text="mondeling, aan de balie")
    walk.browser("click", 'form[action$="/consents"] button')
    walk.browser("wait", ".note.good")
    walk.browser("fill", "#pause_from", text=soon() + "T00:00")
    walk.browser("fill", "#pause_reason", text="opname")
    walk.browser("click", 'form[action$="/pauses"] button')
    walk.browser("wait", ".note.good")
    walk.browser("has", "#pauses .finding", text="tot bericht van thuiskomst")
    walk.go("/clients/c1001?from=2026-11-23&to=2199-12-30")
    walk.look("client")
    walk.browser("fill", 'form[action*="/pauses/"] input[name="reason"]', text="gaat niet door")
    walk.browser("click", 'form[action*="/pauses/"] button')
    walk.browser("has", ".note.good", text="gaat verder")
    walk.browser("dark", on=True)
    for path, name in (("/rolls/" + walk.roll, "roll-dark"), ("/rolls", "rolls-dark"), ("/lines/l-1", "line-dark")):
        walk.go(path)
        walk.look(name)
    walk.browser("dark", on=False)
    walk.go("/account")
    walk.browser("click", 'button[value="en"]')
    walk.browser("has", "h1", text="My access")
    walk.go("/rolls")
    walk.look("rolls-english")


def a_batch_is_taken_back(walk):
    walk.go("/account")
    walk.browser("click", 'button[value="nl"]')
    walk.go("/recalls?product=95210044&lot=AL1190")
    walk.browser("has", ".call", text="ligt in de dispenser")
    walk.look("recalls")
    walk.fill(reason="terugroep van de fabrikant")
    walk.browser("click", 'form[action="/recalls"] button.bad')
    walk.browser("has", ".note.good", text="Bel nu")
    walk.fill(note="dochter gesproken, tablet blijft in de dispenser")
    walk.browser("click", 'form[action$="/told"] button')
    walk.browser("has", ".road", text="1 van 1")
    walk.look("recall")
    walk.browser("fill", "#lift-reason", text="verkeerde charge ingetypt")
    walk.browser("click", 'form[action$="/lift"] button')
    walk.browser("has", ".note.good", text="komt niet vanzelf terug")
    walk.look("recall-lifted")


def a_message_that_arrived_nowhere_is_sent_again(walk):
    walk.house.sql("INSERT INTO outbox (pharmacy_id, outbox_id, topic, payload, attempts, created_ms, next_ms, exit, number, dead_ms, fault)"
                   " SELECT pharmacy_id, '01936d4a-0000-7000-8000-00000000000' || n, 'alarm', '{}', 12, 1, 1, 'https://gone.example/alarms', n, 1,"
                   " 'the address answered 503' FROM pharmacies, generate_series(1, 2) AS n")
    walk.go("/alarms")
    walk.browser("click", '.note.bad a[href="/messages"]')
    walk.browser("has", "tbody", text="https://gone.example/alarms")
    walk.browser("has", "tbody", text="Het adres antwoordt met 503.")
    walk.browser("has", "tbody time", text="do 1 jan 1970, 01:00")
    walk.look("messages")
    walk.browser("click", 'tbody form[action$="/retry"] button')
    walk.browser("has", ".note.good", text="opnieuw geprobeerd")
    walk.browser("click", 'form[action="/messages/retry"] button')
    walk.browser("has", ".note.good", text="opnieuw geprobeerd")
    rows = walk.house.sql("SELECT actor, object_id, detail FROM journal WHERE action = 'retry' ORDER BY at_ms")
    assert rows[0] == ["a.vermeer", "01936d4a-0000-7000-8000-000000000001", ""], rows
    assert rows[1][:2] == ["a.vermeer", ""] and rows[1][2].startswith("all that was set aside: "), rows


def policy_and_products_are_taken_in(walk):
    walk.go("/settings")
    walk.browser("file", "#policy", path=str(ROOT / "samples/products.json"))
    walk.browser("click", 'form[action="/settings/policy"] button')
    walk.browser("has", ".note.bad", text="Het formaat is “rolwacht/products/1” en niet “rolwacht/policy/1”.")
    assert walk.browser("eval", script="document.activeElement.id") == "trouble", "a reader of the screen hears the refusal"
    walk.look("settings-refused")
    policy = walk.house.top / "policy.json"
    policy.write_text((ROOT / "samples/policy.json").read_text().replace("De Linde", "De Eik"))
    walk.browser("file", "#policy", path=str(policy))
    walk.browser("click", 'form[action="/settings/policy"] button')
    walk.browser("has", ".card", text="De Eik")
    walk.look("settings")


def a_refusal_names_its_field(walk):
    walk.go("/clients/c1001")
    walk.browser("fill", "#follower", text="niemand.zo")
    walk.browser("fill", "#reason", text="mondeling")
    walk.browser("click", 'form[action$="/consents"] button.main')
    walk.browser("has", ".note.bad", text="Er is geen zorgverlener met de inlognaam “niemand.zo”.")
    script = "[document.activeElement.id, document.activeElement.getAttribute('aria-invalid')].join(' ')"
    assert walk.browser("eval", script=script) == "follower true"
    walk.look("client-refused")


def a_carer_sees_the_day_of_a_client(walk):
    walk.sign_out()
    walk.set_up(walk.karin)
    today = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Amsterdam")).date().isoformat()
    walk.house.sql(f"UPDATE moments SET at = '{today}' || substr(at, 11) WHERE n <= 3")
    walk.go("/")
    walk.browser("has", ".cell", text="08:00")
    walk.look("followed")


def the_browser_had_nothing_to_complain_of(walk):
    complains_of_nothing(walk)
    assert walk.seen >= 20


TESTS = [the_first_administrator_comes_in_and_invites, a_roll_is_planned_and_approved, the_line_is_seen_live,
         the_doubtful_bag_is_judged_with_keys, the_pharmacist_releases, a_change_is_seen_before_it_is_made,
         what_happens_at_home_is_seen, a_batch_is_taken_back, a_message_that_arrived_nowhere_is_sent_again, policy_and_products_are_taken_in, a_refusal_names_its_field,
         a_carer_sees_the_day_of_a_client, the_browser_had_nothing_to_complain_of]


def prepare(walk):
    house = walk.house
    house.make_token("setup", "apotheker")
    for what in ("policy", "products"):
        body = (ROOT / f"samples/{what}.json").read_bytes()
        assert house.call("setup", "PUT", f"/v1/{what}", body).status == 200
    house.make_device("line", "l-1")
    house.make_device("dispenser", "d-7")


def with_page(test):
    """The test; when it fails the page that was open is told too."""
    @functools.wraps(test)
    def walked(walk):
        wrong = tap.run(test, walk)
        return wrong and [*wrong, walk.browser("url"), walk.browser("text", "body")[:PAGE_LETTERS_MAX]]
    return walked


def main():
    why = browser_file.why_not()
    if why:
        print(why)
        sys.exit(77)
    walk = Walk()
    tap.play([with_page(test) for test in TESTS], walk, walk, prepare=prepare)


if __name__ == "__main__":
    main()
