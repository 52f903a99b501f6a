/** OpenSSL's reason alone: its message carries addresses and build paths, and a verdict's carries advice we never give. */
export function tlsReason(cause: unknown): string {
  const { reason, code, message } = cause as { reason?: unknown; code?: unknown; message?: unknown };
  const verdict = typeof code === "string" && !code.startsWith("ERR_") ? code : undefined;
  return String((typeof reason === "string" ? reason : verdict) ?? message ?? cause);
}
