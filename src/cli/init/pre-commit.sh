#!/bin/sh
# Runs before each commit: git config core.hooksPath .githooks
set -e
leadpact check rules
leadpact fmt --check rules
leadpact test rules
