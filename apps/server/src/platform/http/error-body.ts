/** An error as it is sent. */
export interface ErrorBody {
  status: number
  type: string
  body: string
}
