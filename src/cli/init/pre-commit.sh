#!/bin/sh
# Runs before each commit: git config core.hooksPath .githooks
set -e
leadpact check
leadpact fmt --check
leadpact test
