//go:build !windows

package main

const executableSuffix = ""
