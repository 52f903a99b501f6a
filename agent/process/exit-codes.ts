/** What `config apply --starting` exits with where the file is refused and there is no earlier configuration to run. */
export const EXIT_NOTHING_TO_RUN = 3;
/** And where `keeper` could not be asked: to be tried again. */
export const EXIT_NOT_ASKED = 4;
