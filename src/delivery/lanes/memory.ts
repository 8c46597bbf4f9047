/** Deliveries that all lanes together may hold in memory before each is kept to a small window: about 75 MB. */
export const memoryBudget = 50_000;
