export { instanceFact } from './facts.ts'
export { defineSetting, openSettings } from './settings.ts'
export type { OpenSettings, SettingDefinition, SettingState, Settings } from './settings.ts'
export { settingsMigrations } from './settings.repo.ts'
