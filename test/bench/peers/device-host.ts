const HOSTS_PER_SUBNET = 250;

/** The loopback address of one simulated device: Linux answers on all of 127.0.0.0/8, so each can have its own. */
export function deviceHost(index: number): string {
  return `127.0.${1 + Math.floor(index / HOSTS_PER_SUBNET)}.${1 + (index % HOSTS_PER_SUBNET)}`;
}
