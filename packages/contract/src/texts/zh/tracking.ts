export const tracking = {
  errors: {
    'run-not-found': { title: '没有这个实验', detail: '它已被删除，或你无权查看。' },
    'project-not-found': { title: '没有这个项目', detail: '工作区里没有这个名称的项目，或你无权查看。' },
    'bad-key': { title: 'API 密钥无效', detail: '请新建一个带“tracking”权限的密钥，再重新登录。' },
  },
}
