export const usageRoutes = {}
