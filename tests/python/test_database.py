"""The Realtime Database through Google's own client, the Admin SDK for Python.

The server runs already; FIREBASE_DATABASE_EMULATOR_HOST says where its database is.
"""

import queue
import threading
import time
import unittest
import uuid

import firebase_admin
from firebase_admin import db, exceptions

# What comes, comes within these seconds.
PATIENCE = 20

URL = "https://tests.firebaseio.com"
ADMIN = firebase_admin.initialize_app(options={"databaseURL": URL})

# Threads of listeners that were closed. The SDK closes a connection under its own reader, which
# ends with an exception; it says nothing of the server.
CLOSED = set()


def report(failure, show=threading.excepthook):
    if failure.thread not in CLOSED:
        show(failure)


threading.excepthook = report


def user(uid):
    """An app that the rules judge as this user, or as nobody."""
    auth = None if uid is None else {"uid": uid, "provider": "anonymous"}
    options = {"databaseURL": URL, "databaseAuthVariableOverride": auth}
    return firebase_admin.initialize_app(options=options, name=f"{uid} {uuid.uuid4()}")


class DatabaseTest(unittest.TestCase):
    def setUp(self):
        self.ref = db.reference(f"tests/{uuid.uuid4()}")
        self.addCleanup(self.ref.delete)


class Values(DatabaseTest):
    def test_a_value_is_what_was_set(self):
        for value in [
            "text",
            "ä😀\n\"",
            "",
            0,
            -1.5,
            2**53,
            True,
            False,
            {"a": {"b": [1, "two", False]}},
            ["a", "b", {"c": 1}],
        ]:
            self.ref.set(value)
            self.assertEqual(self.ref.get(), value)

    def test_what_is_empty_is_nothing(self):
        self.assertIsNone(self.ref.get())
        self.ref.set({"a": {}, "b": None, "c": {"d": None}, "e": 1})
        self.assertEqual(self.ref.get(), {"e": 1})
        self.ref.child("e").delete()
        self.assertIsNone(self.ref.get())

    def test_arrays_are_what_has_numbers_as_keys(self):
        self.ref.set({"0": "a", "1": "b", "3": "d"})
        self.assertEqual(self.ref.get(), ["a", "b", None, "d"])
        self.ref.set({"0": "a", "9": "j"})
        self.assertEqual(self.ref.get(), {"0": "a", "9": "j"})

    def test_a_child_is_set_and_read_alone(self):
        self.ref.set({"a": 1, "b": {"c": 2}})
        self.ref.child("b/c").set(3)
        self.assertEqual(self.ref.child("b").get(), {"c": 3})
        self.assertEqual(self.ref.get(), {"a": 1, "b": {"c": 3}})
        self.ref.child("a/deeper").set(1)
        self.assertEqual(self.ref.get(), {"a": {"deeper": 1}, "b": {"c": 3}})

    def test_shallow_says_only_what_there_is(self):
        self.ref.set({"a": {"b": 1}, "c": 2})
        self.assertEqual(self.ref.get(shallow=True), {"a": True, "c": True})
        self.assertEqual(self.ref.child("c").get(shallow=True), 2)

    def test_the_server_fills_in_time_and_sums(self):
        before = time.time() * 1000
        self.ref.set({"at": {".sv": "timestamp"}, "count": 5})
        at = self.ref.child("at").get()
        self.assertTrue(before - 1 <= at <= time.time() * 1000 + 1)
        self.ref.update({"count": {".sv": {"increment": 2}}})
        self.assertEqual(self.ref.child("count").get(), 7)


class Writes(DatabaseTest):
    def test_what_is_pushed_is_in_order(self):
        pushed = [self.ref.push({"n": n}) for n in range(5)]
        keys = [ref.key for ref in pushed]
        self.assertEqual(keys, sorted(keys))
        self.assertEqual({len(key) for key in keys}, {20})
        self.assertEqual(self.ref.get(), {key: {"n": n} for n, key in enumerate(keys)})

    def test_an_update_changes_what_it_names(self):
        self.ref.set({"a": 1, "b": {"c": 2, "d": 3}, "e": 4})
        self.ref.update({"a": 10, "b/c": 20, "b/new/deep": 5, "e": None})
        self.assertEqual(self.ref.get(), {"a": 10, "b": {"c": 20, "d": 3, "new": {"deep": 5}}})

    def test_an_update_of_a_place_in_another_is_refused(self):
        with self.assertRaises(exceptions.InvalidArgumentError):
            self.ref.update({"a": 1, "a/b": 2})
        self.assertIsNone(self.ref.get())

    def test_keys_are_validated(self):
        for key in ["a.b", "a#b", "a$b", "a[b", "x" * 769]:
            with self.assertRaises(exceptions.InvalidArgumentError):
                self.ref.set({key: 1})
        self.assertIsNone(self.ref.get())


class Conditions(DatabaseTest):
    def test_an_etag_tells_whether_something_changed(self):
        self.ref.set({"a": 1})
        value, etag = self.ref.get(etag=True)
        self.assertEqual(value, {"a": 1})
        self.assertEqual(self.ref.get_if_changed(etag), (False, None, None))
        self.ref.set({"a": 2})
        changed, value, new = self.ref.get_if_changed(etag)
        self.assertEqual((changed, value), (True, {"a": 2}))
        self.assertNotEqual(new, etag)

    def test_what_was_changed_meanwhile_is_not_overwritten(self):
        self.ref.set("one")
        _, etag = self.ref.get(etag=True)
        self.assertEqual(self.ref.set_if_unchanged(etag, "two")[:2], (True, "two"))
        done, value, current = self.ref.set_if_unchanged(etag, "three")
        self.assertEqual((done, value), (False, "two"))
        self.assertTrue(self.ref.set_if_unchanged(current, "three")[0])
        self.assertEqual(self.ref.get(), "three")

    def test_a_transaction_begins_with_nothing(self):
        seen = []
        result = self.ref.transaction(lambda value: seen.append(value) or {"n": 1})
        self.assertEqual((seen, result), ([None], {"n": 1}))

    def test_no_transaction_is_lost(self):
        self.ref.set(0)
        failures = []

        def count():
            done = 0
            while done < 10:
                try:
                    self.ref.transaction(lambda value: value + 1)
                    done += 1
                except db.TransactionAbortedError:
                    pass  # Too many others at the same time; it says so, and did nothing.
                except Exception as error:
                    failures.append(error)
                    return

        threads = [threading.Thread(target=count) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        self.assertEqual(failures, [])
        self.assertEqual(self.ref.get(), 30)

    def test_a_transaction_that_fails_changes_nothing(self):
        self.ref.set("before")

        def fail(value):
            raise ValueError(value)

        with self.assertRaises(ValueError):
            self.ref.transaction(fail)
        self.assertEqual(self.ref.get(), "before")


class Queries(DatabaseTest):
    DINOSAURS = {
        "bruhathkayosaurus": {"height": 25, "size": {"weight": 135}, "order": "s"},
        "lambeosaurus": {"height": 2.1, "size": {"weight": 5}, "order": "o"},
        "linhenykus": {"height": 0.6, "size": {"weight": 1}, "order": "t"},
        "pterodactyl": {"height": 0.6, "size": {"weight": 2}, "order": "p"},
        "stegosaurus": {"height": 4, "size": {"weight": 2.5}, "order": "o"},
        "triceratops": {"height": 3, "size": {"weight": 11}},
    }

    def setUp(self):
        super().setUp()
        self.ref.set(self.DINOSAURS)

    def keys(self, query):
        return list(query.get())

    def test_by_key(self):
        by_key = self.ref.order_by_key
        names = sorted(self.DINOSAURS)
        self.assertEqual(self.keys(by_key()), names)
        self.assertEqual(self.keys(by_key().limit_to_first(2)), names[:2])
        self.assertEqual(self.keys(by_key().limit_to_last(2)), names[-2:])
        self.assertEqual(self.keys(by_key().start_at("l").end_at("p\uf8ff")), names[1:4])
        self.assertEqual(self.keys(by_key().equal_to("stegosaurus")), ["stegosaurus"])

    def test_by_child(self):
        by_height = lambda: self.ref.order_by_child("height")
        names = [
            "linhenykus",
            "pterodactyl",
            "lambeosaurus",
            "triceratops",
            "stegosaurus",
            "bruhathkayosaurus",
        ]
        self.assertEqual(self.keys(by_height()), names)
        self.assertEqual(self.keys(by_height().limit_to_first(3)), names[:3])
        self.assertEqual(self.keys(by_height().limit_to_last(1)), names[-1:])
        self.assertEqual(self.keys(by_height().start_at(3)), names[3:])
        self.assertEqual(self.keys(by_height().end_at(2.1)), names[:3])
        self.assertEqual(self.keys(by_height().start_at(1).end_at(3).limit_to_last(1)), names[3:4])
        self.assertEqual(self.keys(by_height().equal_to(0.6)), names[:2])
        self.assertFalse(by_height().equal_to(7).get())

    def test_by_a_child_that_is_deep_or_not_everywhere(self):
        by_weight = self.ref.order_by_child("size/weight").limit_to_last(2)
        self.assertEqual(self.keys(by_weight), ["triceratops", "bruhathkayosaurus"])
        by_order = self.ref.order_by_child("order")
        first = ["triceratops", "lambeosaurus", "stegosaurus", "pterodactyl"]
        self.assertEqual(self.keys(by_order.limit_to_first(4)), first)
        middle = self.ref.order_by_child("order").start_at("p").end_at("s")
        self.assertEqual(self.keys(middle), ["pterodactyl", "bruhathkayosaurus"])

    def test_by_value(self):
        self.ref.set({"b": 55, "l": 21, "s": 80, "t": True, "x": "text"})
        by_value = self.ref.order_by_value
        self.assertEqual(self.keys(by_value()), ["t", "l", "b", "s", "x"])
        self.assertEqual(self.keys(by_value().limit_to_last(2)), ["s", "x"])
        self.assertEqual(self.keys(by_value().start_at(50).end_at(80)), ["b", "s"])
        self.assertEqual(self.keys(by_value().equal_to(21)), ["l"])


class Listening(DatabaseTest):
    def listen(self, ref=None):
        events = queue.Queue()
        registration = (ref or self.ref).listen(events.put)

        def close():
            CLOSED.add(registration._thread)
            registration.close()

        self.addCleanup(close)
        return close, events

    def assert_event(self, events, kind, path, data):
        event = events.get(timeout=PATIENCE)
        self.assertEqual((event.event_type, event.path, event.data), (kind, path, data))

    def test_first_what_is_there_then_each_change(self):
        self.ref.set({"a": 1})
        _, events = self.listen()
        self.assert_event(events, "put", "/", {"a": 1})
        self.ref.child("b/c").set("two")
        self.assert_event(events, "put", "/b/c", "two")
        self.ref.update({"a": 3, "d/e": 4})
        self.assert_event(events, "patch", "/", {"a": 3, "d/e": 4})
        self.ref.child("a").delete()
        self.assert_event(events, "put", "/a", None)
        self.ref.set("all")
        self.assert_event(events, "put", "/", "all")
        self.ref.delete()
        self.assert_event(events, "put", "/", None)

    def test_a_place_is_told_of_writes_above_and_below_it(self):
        _, events = self.listen(self.ref.child("a/b"))
        self.assert_event(events, "put", "/", None)
        self.ref.set({"a": {"b": {"c": 1}}, "x": 2})
        self.assert_event(events, "put", "/", {"c": 1})
        self.ref.child("x").set(3)
        self.ref.child("a/b/c/d").set(4)
        self.assert_event(events, "put", "/c/d", 4)

    def test_several_listen_and_none_loses_anything(self):
        heard = [self.listen()[1] for _ in range(3)]
        for events in heard:
            self.assert_event(events, "put", "/", None)
        for n in range(50):
            self.ref.child(f"n{n}").set(n)
        for events in heard:
            for n in range(50):
                self.assert_event(events, "put", f"/n{n}", n)

    def test_who_has_closed_hears_no_more(self):
        close, events = self.listen()
        self.assert_event(events, "put", "/", None)
        close()
        self.ref.set(1)
        _, others = self.listen()
        self.assert_event(others, "put", "/", 1)
        self.assertTrue(events.empty())


class Rules(unittest.TestCase):
    """The rules that the server ships, for those who are not the administrator."""

    def setUp(self):
        self.room = f"rooms/{uuid.uuid4()}"
        self.addCleanup(db.reference(self.room).delete)

    def reference(self, uid, path):
        return db.reference(f"{self.room}/{path}", app=user(uid))

    def enter(self, uid):
        now = {".sv": "timestamp"}
        entry = {"name": uid, "kind": "mesh", "joinedAt": now, "seenAt": now}
        self.reference(uid, f"participants/{uid}").set(entry)

    def assert_refused(self, act, *arguments):
        with self.assertRaises(exceptions.UnauthenticatedError) as caught:
            act(*arguments)
        self.assertIn("Permission denied", str(caught.exception))

    def test_signaling_is_allowed_and_nothing_else(self):
        self.enter("ann")
        self.enter("bob")
        self.assertEqual(set(self.reference("eve", "participants").get()), {"ann", "bob"})
        message = {"message": "{}", "sentAt": {".sv": "timestamp"}}
        sent = self.reference("ann", "messages/bob/ann").push(message)
        inbox = self.reference("bob", "messages/bob")
        self.assertEqual(inbox.get()["ann"][sent.key]["message"], "{}")

        self.assert_refused(self.reference("eve", "messages/bob").get)
        self.assert_refused(self.reference("eve", "messages/bob/ann").push, message)
        self.assert_refused(self.reference("eve", "messages/bob/eve").push, message)
        self.assert_refused(self.reference("eve", "participants/bob").delete)
        self.assert_refused(self.reference(None, "participants").get)
        self.assert_refused(self.reference("ann", "").get)

        inbox.update({f"ann/{sent.key}": None})
        self.assertIsNone(inbox.get())
        self.reference("bob", "").update({"participants/bob": None, "messages/bob": None})
        self.assertEqual(set(self.reference("ann", "participants").get()), {"ann"})

    def test_the_administrator_stands_above_the_rules(self):
        db.reference(self.room).set({"anything": True})
        self.assertEqual(db.reference(self.room).get(), {"anything": True})
