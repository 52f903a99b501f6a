import { expect } from "vitest";
import type { Capture, CapturedMetric, Content, Message } from "./capture.ts";

const SEQ_VALUES = 256;

export function metric(content: Content, name: string): CapturedMetric {
  const found = content.metrics.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no metric ${name}`);
  return found;
}

/** `seq` is one more than that of the message before, or 0 after 255. */
export function seqFollows(capture: Capture, messages: readonly Message[]): void {
  for (const message of messages) {
    expect(message.seq, message.topic).toBe(((capture.before(message).seq as number) + 1) % SEQ_VALUES);
  }
}

export function atQos0NotRetained(messages: readonly Message[]): void {
  for (const { topic, qos, retain } of messages)
    expect({ topic, qos, retain }).toEqual({ topic, qos: 0, retain: false });
}

/** The payload's time is the wall clock's when the broker got it: the memory network takes none. */
export function sentNow(messages: readonly Message[]): void {
  for (const { topic, timestamp, wallMs } of messages)
    expect(Math.abs((timestamp ?? 0) - wallMs), topic).toBeLessThan(20);
}

/** Every alias a data message uses was declared by the newest birth of its own node or device. */
export function declaredAll(capture: Capture, messages: readonly Message[]): void {
  for (const message of messages) {
    expect(message.metrics.length, message.topic).toBeGreaterThan(0);
    for (const { alias } of message.metrics) expect(capture.declared(message, alias).name).toBeTypeOf("string");
  }
}

export function everyMetric(messages: readonly Content[], judge: (found: CapturedMetric) => void): void {
  let judged = 0;
  for (const { metrics } of messages) {
    for (const one of metrics) {
      judge(one);
      judged += 1;
    }
  }
  expect(judged).toBeGreaterThan(0);
}

/** Metrics that are not history stand in the order of their times. */
export function chronological(messages: readonly Message[]): void {
  for (const { topic, metrics } of messages) {
    const times = metrics.filter(({ historical }) => !historical).map(({ timestamp }) => timestamp ?? Number.NaN);
    expect(times, topic).toEqual(times.toSorted((a, b) => a - b));
  }
}

/** Which of these came before that one on its connection. */
export function earlier(capture: Capture, message: Message, ...verbs: readonly string[]): readonly Message[] {
  return capture.messages.filter(
    ({ verb, connection, at }) => verbs.includes(verb) && connection === message.connection && at < message.at,
  );
}
