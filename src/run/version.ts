/** The version of the action, as package.json says (tested). */
export const TOOL_VERSION = '1.0.0'
