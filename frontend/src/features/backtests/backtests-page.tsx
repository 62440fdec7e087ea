export const BacktestsPage = () => null;
