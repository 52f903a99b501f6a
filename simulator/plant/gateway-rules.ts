/** Plan, derived points and alarms of a gateway at the pumping station: what the person who runs it would want to know. */
export const STATION_RULES = `
# Who cannot see the level hands the station to its own PLC, and stops the pumps by hand. Not a safety function.
plan:
  finishMsMax: 20000
  triggers:
    - { name: level-unknown, when: 'not good([level-transmitter/well-level])', forMs: 5000 }
  steps:
    - { output: station-plc/automatic, value: true }
    - { output: pump-1/run-command, value: false }
    - { output: pump-2/run-command, value: false }

derived:
  points:
    - { name: pumps-running, expression: 'if([pump-1/running], 1, 0) + if([pump-2/running], 1, 0)' }
    - { name: drawn-power, expression: '[pump-1/power] + [pump-2/power]', unit: kW, deadband: 0.05 }
    - { name: specific-energy, expression: '[energy-meter/power] / 1000 / max([flow-meter/flow], 1)', unit: kWh/m3, deadband: 0.001 }

alarms:
  rules:
    - name: well-high
      priority: critical
      text: { en: The well is about to overflow, de: Der Schacht läuft gleich über }
      high: { point: level-transmitter/well-level, limit: 2.4, hysteresis: 0.1 }
      onDelayMs: 2000
    - name: level-stuck
      priority: high
      text: { en: The level no longer moves while a pump runs, de: Der Pegel steht still und eine Pumpe läuft }
      unchanged: { point: level-transmitter/well-level, forMs: 20000, deadband: 0.002 }
      suppressedWhen: '[derived/pumps-running] == 0'
    - name: level-unknown
      priority: high
      text: { en: Nobody knows the level in the well, de: Niemand kennt den Pegel im Schacht }
      noValue: { point: level-transmitter/well-level }
      onDelayMs: 3000
    - name: pump-1-away
      text: { en: Pump 1 does not answer, de: Pumpe 1 antwortet nicht }
      noValue: { point: pump-1/speed }
      onDelayMs: 2000
    - name: dry-pumping
      priority: high
      text: { en: A pump runs and nothing flows, de: Eine Pumpe läuft und nichts fließt }
      when: '[derived/pumps-running] > 0 and [flow-meter/flow] < 5'
      onDelayMs: 15000
    - name: filling-fast
      priority: low
      text: { en: The well fills unusually fast, de: Der Schacht füllt sich ungewöhnlich schnell }
      rate: { point: level-transmitter/well-level, perSecondMax: 0.05, windowMs: 10000 }
`;
