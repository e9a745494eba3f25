export const promptRoutes = {}
