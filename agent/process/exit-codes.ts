/** What `config apply --starting` exits with where the file is refused and there is no earlier configuration to run. */
export const EXIT_NOTHING_TO_RUN = 3;
