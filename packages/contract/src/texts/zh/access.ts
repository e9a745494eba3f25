export const access = {
  errors: {
    'group-not-found': { title: '没有这个用户组', detail: '它已被删除，或者你不在其中。' },
    'group-name-taken': { title: '已有名为“{name}”的用户组', detail: '换一个名称。' },
    'resource-not-found': {
      title: '没有这个内容，或者你无权查看',
      detail: '它已被删除，或者所有者没有与你共享。',
    },
    'subject-not-found': { title: '所选的人或用户组已不存在', detail: '重新打开对话框再选择。' },
    follows: { title: '谁能看到它由它所属的内容决定', detail: '请共享它所属的内容。' },
    'read-only': { title: '它只能共享为只读', detail: '别人可以阅读，并用自己的副本继续；原件仍归你。' },
    'owner-cannot': { title: '{name} 的角色不能拥有它', detail: '选择可以更改这类内容的人。' },
    'others-closed': { title: '不能打开别人的对话', detail: '“查看他人对话”设置已关闭。' },
  },
}
