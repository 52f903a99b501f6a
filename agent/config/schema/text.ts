import Type from "typebox";

/** A name in topics, metrics and folders: letters, digits, `.`, `_`, `-`; starts with a letter or digit; 64 at most. */
export const NAME_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";
export const CLIENT_ID_PATTERN = "^[A-Za-z0-9._-]{1,64}$";
export const DEVICE_PATH_PATTERN = "^/[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]+$";
export const BROKER_URL_PATTERN = "^(mqtts|wss)://";
export const PROXY_URL_PATTERN = "^http://";
export const HTTPS_URL_PATTERN = "^https://";
/** A prefix of MQTT topics: names with `/` between them. */
export const TOPIC_PREFIX_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}(/[A-Za-z0-9][A-Za-z0-9._-]{0,63}){0,3}$";
/** Linux's own rule for interface names. */
export const INTERFACE_PATTERN = "^[^\\s/\\u0000-\\u001f\\u007f-\\u009f]{1,15}$";
/** A line of the housing as `hal` names it, `driver:place`. */
export const DIGITAL_LINE_PATTERN = "^[a-z]+:[^\\s\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]+$";
/** One line of text: no control characters, which would move a terminal's cursor. */
export const LINE_PATTERN = "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$";

/** No further keys: an unknown key is a mistake somebody would otherwise find out about at night. */
export const closed = { additionalProperties: false } as const;

export const Name = (description: string) => Type.String({ pattern: NAME_PATTERN, description });

export const Line = (charsMax: number, description: string) =>
  Type.String({ minLength: 1, maxLength: charsMax, pattern: LINE_PATTERN, description });

export const Interface = (description: string) => Type.String({ pattern: INTERFACE_PATTERN, description });
