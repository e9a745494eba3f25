export const compareRoutes = {}
