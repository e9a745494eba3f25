export const gatewayRoutes = {}
