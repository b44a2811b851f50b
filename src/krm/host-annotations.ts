/** The file that an item comes from and goes to, a slash path relative to its package (kpt, kustomize: kyaml `kioutil`). */
export const PATH_ANNOTATION = 'internal.config.kubernetes.io/path'

/** The document of that file, from 0. */
export const INDEX_ANNOTATION = 'internal.config.kubernetes.io/index'

/** The package of an item, where a host sends several (kpt). */
export const PACKAGE_ANNOTATION = 'internal.config.kubernetes.io/package-path'

/** What older hosts write, and newer ones beside the above. */
export const OLD_PATH_ANNOTATION = 'config.kubernetes.io/path'
export const OLD_INDEX_ANNOTATION = 'config.kubernetes.io/index'
