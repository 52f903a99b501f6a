import type { BusOutlook, Outlook } from "../../config/timing/outlook.ts";
import type { PlanTime } from "../../config/timing/plan-time.ts";
import { rounded } from "./figures.ts";

/** The outlook for programs: milliseconds and percent, to a tenth. */
export function outlookJson({ answerMs, buses, plan, expressionSteps, notes }: Outlook) {
  return {
    answerMs,
    buses: buses.map(busJson),
    ...(plan === undefined
      ? {}
      : { plan: { finishMsMax: plan.snapshot.finishMsMax, buses: plan.times.map(planBusJson) } }),
    expressionSteps,
    notes,
  };
}

function busJson({ load, percentReadTogether, deadDevice }: BusOutlook) {
  const { bus } = load;
  return {
    name: bus.name,
    ...(bus.transport.kind === "serial" ? { baudRate: bus.transport.baudRate } : {}),
    percent: rounded(load.percent),
    busyPercent: rounded(load.busyPercent),
    requestsPerSecond: rounded(load.requestsPerSecond),
    percentReadTogether: rounded(percentReadTogether),
    deadDevice,
    devices: load.devices.map(({ device, percent, requests }) => ({
      name: device.name,
      unit: device.unit,
      percent: rounded(percent),
      requests: requests.map(({ plan, tookMs, percent: share }) => ({
        function: plan.request.function,
        address: plan.request.address,
        count: plan.request.count,
        points: plan.points.length,
        everyMs: plan.periodMs,
        tookMs: rounded(tookMs),
        percent: rounded(share),
      })),
    })),
  };
}

function planBusJson({ bus, steps, fromDeathMs, fromTriggerMs, usualMs, ...parts }: PlanTime) {
  return {
    name: bus.name,
    fromDeathMs: Math.ceil(fromDeathMs),
    fromTriggerMs: Math.ceil(fromTriggerMs),
    usualMs: Math.ceil(usualMs),
    openMs: Math.ceil(parts.openMs),
    underWayMs: Math.ceil(parts.underWayMs),
    againMs: Math.ceil(parts.againMs),
    steps: steps.map(({ step, worstMs, usualMs: usual }) => ({
      ...step,
      worstMs: Math.ceil(worstMs),
      usualMs: Math.ceil(usual),
    })),
  };
}
