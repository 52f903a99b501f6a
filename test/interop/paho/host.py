"""A Sparkplug host application on paho-mqtt, which knows nothing of Holdfast.

It is a primary host: a retained STATE with a Will, births and data read with a protobuf reader of its own. Each
message it understands is one JSON object a line on standard output; a breach of the session is one, too.
Words on standard input: `online`, `offline`, `rebirth`, `quit`.
"""
import argparse
import json
import ssl
import struct
import sys
import time

import paho.mqtt.client as mqtt

parser = argparse.ArgumentParser()
for name in ("port", "ca", "cert", "key", "group", "node", "id", "mqtt"):
    parser.add_argument("--" + name, required=True)
args = parser.parse_args()
STATE = "spBv1.0/STATE/" + args.id


def fields(data):
    """The fields of one protobuf message, as (number, value)."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = varint()
        number, wire = key >> 3, key & 7
        if wire == 0:
            yield number, varint()
        elif wire == 1:
            yield number, bytes(data[at : at + 8])
            at += 8
        elif wire == 2:
            length = varint()
            yield number, bytes(data[at : at + length])
            at += length
        elif wire == 5:
            yield number, bytes(data[at : at + 4])
            at += 4
        else:
            raise ValueError("wire type %d" % wire)


def signed(value, bits):
    return value - (1 << bits) if value >> (bits - 1) & 1 else value


def metric(data):
    read = {}
    for number, value in fields(data):
        if number == 1:
            read["name"] = value.decode()
        elif number == 2:
            read["alias"] = value
        elif number == 3:
            read["timestamp"] = value
        elif number == 4:
            read["type"] = value
        elif number == 5:
            read["historical"] = bool(value)
        elif number == 7:
            read["value"] = None
        elif number in (10, 11):
            read["value"] = value
        elif number == 12:
            read["value"] = struct.unpack("<f", value)[0]
        elif number == 13:
            read["value"] = struct.unpack("<d", value)[0]
        elif number == 14:
            read["value"] = bool(value)
        elif number == 15:
            read["value"] = value.decode()
    return read


def typed(kind, value):
    """Integers as their data type means them: 2 Int16, 3 Int32, 4 Int64."""
    if not isinstance(value, int) or isinstance(value, bool):
        return value
    bits = {2: 32, 3: 32, 4: 64}.get(kind)
    return signed(value, bits) if bits else value


class Session:
    def __init__(self):
        self.seq = None
        self.bdseq = None
        self.aliases = {}

    def breach(self, what):
        say({"breach": what})

    def numbered(self, verb, seq):
        if verb == "NBIRTH":
            if seq != 0:
                self.breach("NBIRTH with seq %s" % seq)
        elif self.seq is None:
            self.breach("%s before NBIRTH" % verb)
        elif seq != (self.seq + 1) % 256:
            self.breach("%s with seq %s after %s" % (verb, seq, self.seq))
        self.seq = seq

    def take(self, verb, device, payload):
        seq, metrics = None, []
        for number, value in fields(payload):
            if number == 2:
                metrics.append(metric(value))
            elif number == 3:
                seq = value
        if verb == "NDEATH":
            if seq is not None:
                self.breach("NDEATH with seq")
            died = next((m["value"] for m in metrics if m.get("name") == "bdSeq"), None)
            if died == self.bdseq:
                self.seq, self.aliases = None, {}
            return {"verb": verb, "bdSeq": died}
        self.numbered(verb, seq)
        if verb in ("NBIRTH", "DBIRTH"):
            known = self.aliases[device] = {}
            for one in metrics:
                if "alias" in one:
                    known[one["alias"]] = one
                if one.get("name") == "bdSeq":
                    self.bdseq = one["value"]
        elif verb == "DDEATH":
            self.aliases.pop(device, None)
        elif verb in ("NDATA", "DDATA"):
            known = self.aliases.get(device)
            if known is None:
                self.breach("%s of %s before its birth" % (verb, device))
                known = {}
            for one in metrics:
                born = known.get(one.get("alias"))
                if born is None:
                    self.breach("alias %s of %s is unknown" % (one.get("alias"), device))
                else:
                    one["name"], one["type"] = born["name"], born["type"]
        values = {m.get("name"): typed(m.get("type"), m.get("value")) for m in metrics}
        return {"verb": verb, "device": device, "seq": seq, "bdSeq": self.bdseq, "values": values}


def say(what):
    print(json.dumps(what), flush=True)


def state(online):
    return json.dumps({"online": online, "timestamp": int(time.time() * 1000)})


session = Session()
version = {"3.1.1": mqtt.MQTTv311, "5": mqtt.MQTTv5}[args.mqtt]
client = mqtt.Client(client_id=args.id, protocol=version)
client.tls_set(args.ca, args.cert, args.key, tls_version=ssl.PROTOCOL_TLS_CLIENT)
client.will_set(STATE, state(False), qos=1, retain=True)


def on_connect(client, *_):
    client.subscribe([("spBv1.0/%s/#" % args.group, 1)])


def on_subscribe(*_):
    say({"ready": True})


def on_message(_client, _userdata, message):
    parts = message.topic.split("/")
    verb, node = parts[2], parts[3]
    if node != args.node or verb.endswith("CMD"):
        return
    if message.retain:
        session.breach("a retained %s" % verb)
    try:
        say(session.take(verb, parts[4] if len(parts) > 4 else None, message.payload))
    except Exception as error:  # whatever it is, the test is to see it
        session.breach("%s does not read: %r" % (verb, error))


client.on_connect, client.on_subscribe, client.on_message = on_connect, on_subscribe, on_message
client.connect("localhost", int(args.port), keepalive=30)
client.loop_start()
# name "Node Control/Rebirth", datatype Boolean, value true
NAME = b"Node Control/Rebirth"
METRIC = b"\x0a" + bytes([len(NAME)]) + NAME + b"\x20\x0b\x70\x01"
REBIRTH = b"\x12" + bytes([len(METRIC)]) + METRIC
for line in sys.stdin:
    word = line.strip()
    if word in ("online", "offline"):
        client.publish(STATE, state(word == "online"), qos=1, retain=True).wait_for_publish()
    elif word == "rebirth":
        client.publish("spBv1.0/%s/NCMD/%s" % (args.group, args.node), REBIRTH, qos=1)
    elif word == "quit":
        break
client.loop_stop()
