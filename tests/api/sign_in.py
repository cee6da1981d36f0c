#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries to come in without being allowed to. Output is TAP (REQ-021)."""
import re
import time

import tap
from house import House
from visitor import PASSWORD, Visitor, Watch, totp

AT_ONCE_SECONDS = 5


def first_code(house):
    return (house.state / "keys/administrator.code").read_text()


def nobody_gets_in_without_a_cookie(house):
    nobody = Visitor(house)
    for path in ("/", "/account", "/persons"):
        answer = nobody.get(path)
        assert (answer.status, answer.headers["location"]) == (303, "/login"), path
    assert nobody.get("/v1/persons").status == 401
    nobody.cookie = "A" * 43
    assert nobody.get("/persons").status == 303
    assert nobody.get("/v1/persons").status == 401
    for path in ("/login", "/setup"):
        answer = nobody.get(path)
        assert answer.status == 200 and "default-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"


def the_code_works_once_and_the_second_factor_comes_next(house):
    admin = house.admin
    code = first_code(house)
    assert admin.post("/setup", person="admin", code=code, new_password="short").status == 400
    assert admin.post("/setup", person="admin", code=code[:-1] + "!", new_password=PASSWORD).status == 401
    answer = admin.post("/setup", person="admin", code=code, new_password=PASSWORD)
    assert answer.status == 303, admin.page
    attributes = answer.headers["set-cookie"]
    assert all(word in attributes for word in ("__Host-", "Secure", "HttpOnly", "SameSite=Strict", "Path=/"))
    before = admin.cookie
    answer = admin.get("/persons")
    assert (answer.status, answer.headers["location"]) == (303, "/account")
    assert admin.get("/v1/persons").status == 403
    admin.get("/account")
    admin.secret = re.search(r'secret"><code>([^<]+)', admin.page)[1]
    assert admin.post("/account/factor", code="000000").status == 401
    admin.get("/account")
    assert admin.post("/account/factor", code=admin.code()).status == 303
    assert admin.cookie != before, "the session of before the second factor is used on"
    other = Visitor(house)
    other.cookie = before
    assert other.get("/persons").status == 303
    assert admin.get("/persons").status == 200
    assert Visitor(house).post("/setup", person="admin", code=code, new_password=PASSWORD).status == 401


def a_code_of_the_app_works_once(house):
    one = Visitor(house)
    one.secret, one.step = house.admin.secret, house.admin.step
    code = one.code()
    assert one.sign_in("admin", code=code).status == 303
    assert Visitor(house).sign_in("admin", code=code).status == 401
    assert Visitor(house).sign_in("admin", code=totp(one.secret, one.step - 1)).status == 401
    house.admin.step = one.step
    assert Visitor(house).sign_in("admin", code="").status == 401
    one.get("/account")
    assert one.post("/logout").status == 303 and one.cookie is None


def a_session_is_never_taken_over(house):
    """A cookie that was put there before the sign-in does not become a session (fixation)."""
    one = Visitor(house)
    one.cookie = planted = "B" * 43
    one.secret, one.step = house.admin.secret, house.admin.step
    assert one.sign_in("admin").status == 303
    house.admin.step = one.step
    assert one.cookie != planted
    kept = one.cookie
    one.get("/account")
    assert one.post("/logout").status == 303
    one.cookie = kept
    assert one.get("/account").status == 303, "a session lives on after signing out"


def a_forged_form_does_nothing(house):
    admin = house.admin
    admin.get("/persons")
    form = {"new_person": "x", "name": "X", "role": "apotheker", "language": "nl"}
    for headers, csrf in (({"Origin": None}, admin.csrf), ({"Origin": "https://evil.example"}, admin.csrf),
                          ({"Origin": "null"}, admin.csrf), ({"Origin": "http://" + house.people}, admin.csrf),
                          ({"Origin": "https://" + house.people + ".evil.example"}, admin.csrf),
                          ({}, None), ({}, "0" * 64), ({}, admin.csrf[:-1])):
        keep = admin.csrf
        admin.csrf = csrf
        assert admin.post("/persons", headers=headers, **form).status == 403, (headers, csrf)
        admin.csrf = keep
    answer = admin.ask("POST", "/v1/persons", b'{"person":"x","name":"X","role":"care"}')
    assert answer.status == 403, "a JSON request with a cookie needs the token too"
    assert not house.sql("SELECT 1 FROM persons WHERE person_id = 'x'")
    answer = admin.ask("POST", "/v1/persons", b'{"person":"x","name":"X","role":"care"}',
                       {"X-CSRF-Token": admin.csrf})
    assert answer.status == 201, answer.body
    assert Visitor(house).post("/login", headers={"Origin": "https://evil.example"}, person="admin",
                               password=PASSWORD).status == 403


def guessing_is_slowed_down_and_tells_nothing(house):
    seen = []
    house.sql("DELETE FROM attempts")
    for name in ("x", "nobody-has-this-name"):
        one = Visitor(house)
        answers = [one.sign_in(name, password="wrong password here", code="") for _ in range(7)]
        seen.append([(answer.status, re.sub(r"wait \d+", "wait N", one.page.replace(f'value="{name}"', "NAME")))
                     for answer in answers])
        assert [answer.status for answer in answers] == [401] * 5 + [429] * 2, name
        assert "retry-after" in answers[-1].headers
    assert seen[0] == seen[1], "the answers tell whether the person exists"
    house.sql("DELETE FROM attempts")


def guessing_does_not_lock_the_person_out(house):
    """Who guesses makes the name wait, but not in a browser where its person signed in before."""
    house.sql("DELETE FROM attempts")
    admin = house.admin
    answer = admin.sign_in("admin")
    assert answer.status == 303, admin.page
    admin.get("/account")
    known = next(cookie for cookie in answer.cookies if cookie.startswith("__Host-rolwacht-known="))
    assert all(word in known for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=")), known
    value = known.split(";")[0]
    house.sql("DELETE FROM attempts")
    guesser = Visitor(house)
    assert [guesser.sign_in("admin", password="wrong password here", code="").status for _ in range(7)] == [401] * 5 + [429] * 2

    def at_home(cookie, password=PASSWORD):
        return Visitor(house).post("/login", headers={"Cookie": cookie}, person="admin", password=password,
                                   code=admin.code()).status

    forged = value[:-1] + ("0" if value[-1] != "0" else "1")
    assert at_home(forged) == 429 and at_home("other=1") == 429
    assert at_home(value) == 303
    assert [at_home(value, "wrong password here") for _ in range(6)] == [401] * 5 + [429]  # nor is it free to guess there
    house.sql("DELETE FROM attempts")


def what_a_person_types_stays_text(house):
    admin = house.admin
    evil = "<script>alert(1)</script>\"'><img src=x onerror=y>"
    admin.get("/persons")
    answer = admin.post("/persons", new_person="evil", name=evil, role="care", language="en")
    assert answer.status == 200 and evil not in admin.page, (answer.status, admin.page[-600:])
    assert "&lt;script&gt;alert(1)" in admin.page
    one = Visitor(house)
    assert one.sign_in(evil, code="").status == 401
    assert evil not in one.page and "&lt;script&gt;" in one.page
    admin.get("/persons?done=%3Cscript%3E")
    assert "<script>\n" not in admin.page and "done." not in admin.page
    assert admin.post("/persons", new_person="a b", name="A", role="care", language="nl").status == 400
    assert admin.post("/persons", new_person="ab", name="A", role="line", language="nl").status == 400
    assert admin.post("/persons", new_person="administrator", name="A", role="care", language="nl").status == 409


def too_much_is_refused(house):
    admin = house.admin
    assert admin.post("/login", person="a" * 9000).status == 413
    assert admin.post("/account/language", language="nl" * 5000).status == 413
    assert admin.post("/account/language", language="\x00").status == 400
    assert Visitor(house).sign_in("admin", password="p" * 3000, code="").status == 401
    many = "&".join(["a=b"] * 700).encode()
    answer = admin.ask("POST", "/persons", many, {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status == 413


def nobody_is_sent_elsewhere(house):
    """No page takes an address to go on to (open redirect)."""
    one = Visitor(house)
    for path in ("/login?next=https://evil.example", "/?to=//evil.example"):
        answer = one.get(path)
        assert "evil" not in answer.headers.get("location", "") and "evil.example" not in one.page


def a_session_ends(house):
    admin = house.admin
    session = "(SELECT session_hash FROM sessions ORDER BY created_ms DESC LIMIT 1)"
    old = house.sql(f"SELECT seen_ms, created_ms FROM sessions WHERE session_hash = {session}")[0]
    assert admin.get("/account").status == 200
    for column, ms in (("seen_ms", 31 * 60000), ("created_ms", 12 * 3600000 + 60000)):
        now = int(time.time() * 1000)
        house.sql(f"UPDATE sessions SET {column} = {now - ms}")
        assert admin.get("/account").status == 303, column
        house.sql(f"UPDATE sessions SET seen_ms = {old[0]}, created_ms = {old[1]}")
        assert admin.get("/account").status == 200
    house.sql(f"UPDATE sessions SET seen_ms = {int(time.time() * 1000) - 120000}")
    before = house.sql("SELECT max(seen_ms) FROM sessions")[0][0]
    admin.get("/account")
    assert int(house.sql("SELECT max(seen_ms) FROM sessions")[0][0]) > int(before) + 100000


def a_role_is_kept_and_can_be_taken_away(house):
    answer = house.call("administrator", "POST", "/v1/persons",
                        {"person": "karin", "name": "Karin", "role": "care", "language": "nl"})
    assert answer.status == 201
    karin = Visitor(house)
    karin.set_up("karin", answer.json["code"])
    assert karin.get("/persons").status == 403
    assert karin.get("/v1/rolls").status == 403
    assert karin.get("/v1/alarms").status == 200
    answer = karin.post("/account/password", password="not the password", new_password=PASSWORD + "!")
    assert answer.status == 401
    old = karin.cookie
    answer = karin.post("/account/password", password=PASSWORD, new_password=PASSWORD + "!")
    assert answer.status == 303 and karin.cookie != old
    assert house.call("administrator", "POST", "/v1/persons/karin/code").status == 201
    assert karin.get("/account").status == 303, "a new code did not end the session"
    assert karin.sign_in("karin", password=PASSWORD + "!").status == 401
    assert house.call("administrator", "DELETE", "/v1/persons/karin").status == 204
    assert house.call("administrator", "DELETE", "/v1/persons/karin").status == 404
    assert house.call("administrator", "POST", "/v1/tokens", {"role": "care", "name": "karin"}).status == 409
    assert house.admin.post("/persons/admin/revoke").status == 409


def in_at_two_places(house):
    """Wil, who may watch a line, at the pharmacy and on a telephone."""
    code = house.call("administrator", "POST", "/v1/persons/wil/code").json["code"]
    house.sql("UPDATE persons SET totp_step = 0")  # a test does not wait for codes that were not used yet
    office, telephone = Visitor(house), Visitor(house)
    office.set_up("wil", code)
    telephone.secret, telephone.step = office.secret, office.step
    assert telephone.sign_in("wil").status == 303
    office.step = telephone.step
    telephone.get("/account")
    return office, telephone


def what_is_watched_ends_with_the_session(house):
    answer = house.call("administrator", "POST", "/v1/persons",
                        {"person": "wil", "name": "Wil", "role": "apotheker", "language": "nl"})
    assert answer.status == 201
    office, telephone = in_at_two_places(house)
    path = "/lines/l-1/stream"
    watches = [office.watch(path), telephone.watch(path)]
    assert all(b" 200 " in watch.got for watch in watches), [watch.got for watch in watches]
    assert office.post("/logout").status == 303
    assert watches[0].ends(AT_ONCE_SECONDS), "it goes on after signing out"
    assert not watches[1].ends(2 * AT_ONCE_SECONDS), "another session ended too"
    house.sql(f"UPDATE sessions SET seen_ms = {int(time.time() * 1000) - 31 * 60000} WHERE person_id = 'wil'")
    assert watches[1].ends(AT_ONCE_SECONDS), "it goes on after its session is over"
    office, telephone = in_at_two_places(house)
    watch = telephone.watch(path)
    answer = office.post("/account/password", password=PASSWORD, new_password=PASSWORD + "!")
    assert answer.status == 303
    assert watch.ends(AT_ONCE_SECONDS), "it goes on after the password is another"
    assert telephone.get("/account").status == 303 and office.get("/account").status == 200
    watch = office.watch(path)
    assert house.call("administrator", "DELETE", "/v1/persons/wil").status == 204
    assert watch.ends(AT_ONCE_SECONDS), "it goes on for somebody who may not sign in"


def a_token_that_is_refused_watches_nothing(house):
    token = house.call("administrator", "POST", "/v1/tokens", {"role": "operator", "name": "screen"}).json["token"]
    watch = Watch(house, "/lines/l-1/stream", "Authorization: Bearer " + token)
    assert b" 200 " in watch.got, watch.got
    assert not watch.ends(2 * AT_ONCE_SECONDS)
    assert house.call("administrator", "DELETE", "/v1/tokens/screen").status in (200, 204)
    assert watch.ends(AT_ONCE_SECONDS)


def one_signs_out_everywhere(house):
    answer = house.call("administrator", "POST", "/v1/persons",
                        {"person": "mia", "name": "Mia", "role": "care", "language": "en"})
    mia, telephone = Visitor(house), Visitor(house)
    mia.set_up("mia", answer.json["code"])
    telephone.secret, telephone.step = mia.secret, mia.step
    assert telephone.sign_in("mia").status == 303
    others = house.sql("SELECT count(*) FROM sessions WHERE person_id <> 'mia'")
    mia.get("/account")
    assert "Sign out everywhere" in mia.page
    kept = mia.cookie
    assert mia.post("/account/leave", csrf="0" * 64).status == 403
    assert telephone.get("/account").status == 200
    answer = mia.post("/account/leave")
    assert (answer.status, answer.headers["location"], mia.cookie) == (303, "/login", None)
    mia.cookie = kept
    assert mia.get("/account").status == 303 and telephone.get("/account").status == 303
    assert house.sql("SELECT count(*) FROM sessions WHERE person_id <> 'mia'") == others
    rows = house.sql("SELECT detail FROM journal WHERE action = 'sign-out' AND actor = 'mia'")
    assert rows == [["everywhere"]], rows


def nothing_secret_is_kept_or_logged(house):
    admin = house.admin
    log = house.log.read_text()
    for secret in (PASSWORD, admin.cookie, admin.secret.replace(" ", ""), first_code(house)):
        assert secret not in log
        for table in ("persons", "sessions", "journal", "attempts"):
            found = house.sql(f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE '%{secret}%'")
            assert found == [["0"]], (table, secret)
    rows = {tuple(row) for row in house.sql("SELECT action, object_type, object_id, actor FROM journal")}
    for row in (("sign-in", "person", "admin", "admin"), ("sign-out", "person", "admin", "admin"),
                ("sign-in-refused", "person", "", ""), ("create", "person", "x", "admin"),
                ("revoke", "person", "karin", "administrator")):
        assert row in rows, row


def the_journal_is_written_for_people(house):
    """Moments as on the pharmacy's wall, and no name as proved that somebody only typed."""
    house.sql("DELETE FROM attempts")
    Visitor(house).sign_in("x", password="wrong password here", code="")
    house.admin.get("/journal?actor=x")
    assert "naam opgegeven" in house.admin.page, house.admin.page
    assert "zorgverlener" not in house.admin.page.split("<tbody>")[1].split("</tr>")[0]
    table = house.admin.get("/journal.csv?actor=x").body.decode().splitlines()
    assert re.search('"x","claimed","sign-in-refused"', table[1]), table
    house.admin.get("/journal")
    rows = house.admin.page.split("<tbody>")[1]
    assert re.search(r'<td class="wrap">[^<]*<time datetime="(\S+Z)" title="\1">', rows), rows
    text = re.sub("<[^>]*>", " ", rows)
    assert "beheerder" in text and not re.search(r"\d-\d\dT\d\d:", text), text


TESTS = [nobody_gets_in_without_a_cookie, the_code_works_once_and_the_second_factor_comes_next,
         a_code_of_the_app_works_once, a_session_is_never_taken_over, a_forged_form_does_nothing,
         guessing_is_slowed_down_and_tells_nothing, guessing_does_not_lock_the_person_out,
         what_a_person_types_stays_text, too_much_is_refused, nobody_is_sent_elsewhere, a_session_ends,
         a_role_is_kept_and_can_be_taken_away, what_is_watched_ends_with_the_session,
         a_token_that_is_refused_watches_nothing, one_signs_out_everywhere, the_journal_is_written_for_people,
         nothing_secret_is_kept_or_logged]


def main():
    house = House()
    house.admin = Visitor(house)
    tap.play(TESTS, house, house)


if __name__ == "__main__":
    main()
