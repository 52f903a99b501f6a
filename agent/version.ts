/** What `holdfast version`, births and the status topic say. A test holds it against package.json. */
export const VERSION = "0.1.0";
