/** The id of the exchange simulator among the exchanges; nothing on it is real. */
export const simulatedExchange = "simulator";
