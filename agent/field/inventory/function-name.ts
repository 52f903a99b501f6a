const NAMES: ReadonlyMap<number, readonly [name: string, range: string]> = new Map([
  [1, ["read coils", "coil"]],
  [2, ["read discrete inputs", "discrete input"]],
  [3, ["read holding registers", "holding register"]],
  [4, ["read input registers", "input register"]],
  [5, ["write single coil", "coil"]],
  [6, ["write single register", "holding register"]],
  [15, ["write multiple coils", "coil"]],
  [16, ["write multiple registers", "holding register"]],
  [22, ["mask write register", "holding register"]],
  [23, ["read and write registers", "holding register"]],
  [43, ["read device identification", ""]],
]);

/** `unit 3, function 6 (write single register), holding register 10 to 11` */
export function requestText(request: {
  readonly unit: number;
  readonly function: number;
  readonly address?: number;
  readonly quantity?: number;
}): string {
  const { unit, function: code, address, quantity = 1 } = request;
  const whom = unit === 0 ? "every unit (broadcast)" : `unit ${unit}`;
  const [name, range] = NAMES.get(code) ?? ["", "address"];
  const named = name === "" ? `function ${code}` : `function ${code} (${name})`;
  if (address === undefined) return `${whom}, ${named}`;
  return `${whom}, ${named}, ${range} ${address}${quantity > 1 ? ` to ${address + quantity - 1}` : ""}`;
}
