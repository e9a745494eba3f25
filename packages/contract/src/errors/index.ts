import { accessErrors } from './access.ts'
import { adminErrors } from './admin.ts'
import { authErrors } from './auth.ts'
import { chatErrors } from './chat.ts'
import { compareErrors } from './compare.ts'
import { datasetErrors } from './datasets.ts'
import { deploymentErrors } from './deployments.ts'
import { gatewayErrors } from './gateway.ts'
import { generationErrors } from './generations.ts'
import { identityErrors } from './identities.ts'
import { modelErrors } from './models.ts'
import { peopleErrors } from './people.ts'
import { platformErrors } from './platform.ts'
import { promptErrors } from './prompts.ts'
import { providerErrors } from './providers.ts'
import { serviceErrors } from './services.ts'
import { trackingErrors } from './tracking.ts'
import { trainingErrors } from './training.ts'
import { usageErrors } from './usage.ts'

/** Every error code with its HTTP status; its texts stand in the catalogue under `<module>.errors.<reason>`. */
export const errorStatus = {
  ...platformErrors,
  ...authErrors,
  ...identityErrors,
  ...serviceErrors,
  ...accessErrors,
  ...peopleErrors,
  ...providerErrors,
  ...modelErrors,
  ...generationErrors,
  ...chatErrors,
  ...datasetErrors,
  ...trainingErrors,
  ...trackingErrors,
  ...deploymentErrors,
  ...promptErrors,
  ...compareErrors,
  ...gatewayErrors,
  ...usageErrors,
  ...adminErrors,
}

export type ErrorCode = keyof typeof errorStatus
