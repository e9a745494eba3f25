export const models = {
  errors: {
    'connection-not-found': { title: '没有这个连接', detail: '它已被删除，或没有与你共享。' },
    'not-found': { title: '没有这个模型', detail: '它已被删除，或没有与你共享。' },
    'name-taken': { title: '名称已被占用', detail: '已有同名的模型。请换一个名称。' },
    'connection-name-taken': { title: '名称已被占用', detail: '已有同名的连接。请换一个名称。' },
    managed: { title: '它由部署管理', detail: '请改为修改或删除该部署。' },
    off: { title: '{name} 目前没有提供服务', detail: '请启动它的部署，或选择其他模型。' },
  },
}
