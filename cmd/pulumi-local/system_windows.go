package main

const executableSuffix = ".exe"
