/** A commented file to begin with, as `holdfast config example` prints it and as it stands in `docs/operate`. */
export const EXAMPLE_GATEWAY_YAML = `# One gateway: who it is, where values go, what is on its field buses.
# Check it with \`holdfast config check gateway.yaml\`; every key is in docs/operate/configuration.md.
# It is YAML 1.2: indent with spaces, write true and false (yes and no are text), 0x10 for hexadecimal.

site: riverside
device: gateway-1

# Which network interface each side uses, so that field network and office network never mix.
# interfaces:
#   field: eth1
#   uplink: [eth0, wwan0]   # the best first, the next one while it is away

uplink:
  broker:
    url: mqtts://broker.example.org:8883
    # Whose limits it has: mosquitto, emqx, hivemq, aws-iot-core, azure-event-grid. See docs/operate/connect-your-broker.md.
    # profile: mosquitto
    # PEM files, absolute or relative to this file. The gateway proves who it is with its certificate.
    anchors: tls/broker-ca.pem
    certificate: tls/gateway.pem
    key: tls/gateway.key
    # What a customer's network may ask for; docs/operate/uplink-options.md has a page of it.
    # username: gateway-1
    # passwordFile: broker-password
    # proxy:
    #   url: http://proxy.example.org:3128
  # fallbacks:
  #   - url: wss://spare.example.org/mqtt   # MQTT over WebSocket, port 443
  # budget:
  #   day:
  #     live: 2000000   # bytes
  # sparkplug:
  #   primaryHost: scada-1   # values wait until it is there

buses:
  # A serial line. Use the adapter's name from \`ls -l /dev/serial/by-id\`: ttyUSB numbers move.
  - name: rs485-1
    rtu:
      path: /dev/serial/by-id/usb-Example_RS485_0001-if00-port0
      baudRate: 19200
      parity: even
    devices:
      - name: pump-1
        unit: 1
        pollMs: 1000
        # Neighbouring registers are read together; here also across gaps of up to 4 that nobody asked for.
        requests:
          optimise: max-insert
          insertMax: 4
        points:
          - name: speed
            table: input-register
            # As on the wire, from 0: nameplate 30001 is input-register 0.
            address: 0
            scale: 0.1
            unit: rpm
            low: 0
            high: 3000
            # Smaller changes are not reported.
            deadband: 1
          - name: energy
            table: input-register
            address: 2
            type: uint32
            # Some devices send the low word first.
            wordOrder: little
            unit: Wh
          - name: fault
            table: holding-register
            address: 16
            type: bool
            # Bit of the register, 0 the least significant.
            bit: 3
          - name: running
            table: discrete-input
            address: 0
          - name: setpoint
            table: holding-register
            address: 20
            scale: 0.1
            unit: rpm
            # Declares it as an output: read back and reported. Nothing writes it without an authorised command.
            output:
              low: 600
              high: 3000

  # A socket to a device, or to a gateway with several units.
  - name: flow-meter
    tcp:
      host: 192.0.2.10
    devices:
      - name: flow-1
        unit: 1
        points: &flow-points
          - name: flow
            table: holding-register
            address: 0x0100
            type: float32
            unit: m3/h
          - name: serial-number
            table: holding-register
            address: 0x0200
            type: string
            length: 8
            pollMs: 60000
      # The same points once more: \`&\` gives a value a name, \`*\` repeats it.
      - name: flow-2
        unit: 2
        points: *flow-points
`;
