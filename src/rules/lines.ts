/** Pure: lines to paste that several rules share. */

/** A build secret instead of what the image keeps. */
export function buildSecretLines(id: string): string {
  return `RUN --mount=type=secret,id=${id} ./build.sh   # reads /run/secrets/${id}; nothing of it stays in the image`
}

/** Delivery as a file under the first tmpfs. */
export function fileDeliveryLines(id: string, mount: string): string {
  return `deliver: file   # the program reads ${mount}/${id}\nsecrets: ${id}=\${{ secrets.${variable(id)} }}`
}

/** The name of a repository secret: letters, digits and `_`. */
function variable(id: string): string {
  return id.toUpperCase().replace(/[^A-Z0-9]/g, '_')
}
