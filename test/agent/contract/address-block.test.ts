import fc from "fast-check";
import { BlockList, isIPv4 } from "node:net";
import { expect, test } from "vitest";
import { blockText, isInside, networkOf, parseBlock } from "../../../agent/contract/address-block.ts";
import type { AddressBlock } from "../../../agent/contract/address-block.ts";

const block = (text: string): AddressBlock => {
  const parsed = parseBlock(text);
  if (parsed === undefined) throw new Error(`${text} is no block`);
  return parsed;
};

test.each(["", "192.0.2.1/", "192.0.2.1/33", "192.0.2/24", "2001:db8::/129", "host/8", "192.0.2.1/08", "::1/-1"])(
  "%j is no block",
  (text) => expect(parseBlock(text)).toBeUndefined(),
);

test("IPv4 over an IPv6 socket is IPv4", () => {
  expect(isInside("::ffff:192.0.2.9", [block("192.0.2.0/24")])).toBe(true);
  expect(isInside("::ffff:198.51.100.1", [block("192.0.2.0/24")])).toBe(false);
});

test("a zone is no part of the address", () => {
  expect(isInside("fe80::7%eth0", [block("fe80::/10")])).toBe(true);
});

test("what is no address is inside nothing", () => {
  for (const address of ["", "nonsense", "192.0.2.1/24"]) expect(isInside(address, [block("0.0.0.0/0")])).toBe(false);
});

test("the network of an address is written as people write it", () => {
  expect(blockText(networkOf(block("192.0.2.77/26")))).toBe("192.0.2.64/26");
  expect(blockText(networkOf(block("2001:db8:0:0:1::7/64")))).toBe("2001:db8::/64");
});

test("membership is what Node's own BlockList says", () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6());
  fc.assert(
    fc.property(address, address, fc.nat({ max: 128 }), (at, offered, length) => {
      const family = (one: string): "ipv4" | "ipv6" => (isIPv4(one) ? "ipv4" : "ipv6");
      const prefix = Math.min(length, isIPv4(at) ? 32 : 128);
      const judge = new BlockList();
      judge.addSubnet(at, prefix, family(at));
      const mine = isInside(offered, [block(`${at}/${prefix}`)]);
      if (family(at) === family(offered)) expect(mine).toBe(judge.check(offered, family(offered)));
      expect(isInside(at, [block(`${at}/${prefix}`)])).toBe(true);
    }),
  );
});
