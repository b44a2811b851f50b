/** Something that is not as it must be, in words that a user of the mesh understands. */
export interface Finding {
  readonly check: 'admission' | 'effect' | 'foreign' | 'shape' | 'coverage'
  readonly message: string
}
