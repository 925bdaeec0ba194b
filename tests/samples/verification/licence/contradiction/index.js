// SPDX-License-Identifier: GPL-3.0-only
module.exports = 1
