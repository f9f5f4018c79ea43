package main

import (
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Components speak of their arguments, as whoever composes them needs it. Whoever sets settings is told those.

// phrases are what components advise about arguments whose settings are spelt the other way round or stand elsewhere.
var phrases = strings.NewReplacer(
	"; set OmitAthena to say that this is known", "; set trail.athena.enabled to false to say that this is known",
	"; leave out OmitReaders, name roles in AthenaReaders, or set OmitAthena", "; set trail.groups.enabled to true, name roles in archive.readers, or set trail.athena.enabled to false",
	"name them in Rules.Exclude", "name them in config.rules.exclude",
	"or set OmitAggregator", "or set threats.securityHub.aggregator to false",
	"or set Weaken", "or set hardening.weaken to true",
	"name fewer IgnorePrincipalArns (setting alerts.ignoreChangesBy)", "name fewer in alerts.ignoreChangesBy",
)

var (
	// bothNames are arguments in parentheses that are followed by their settings.
	bothNames = regexp.MustCompile(`\((?:[A-Z][A-Za-z.]*(?:, | or )?)+; (settings?:? )`)
	// lastNames are the arguments that decide a gap, in parentheses at its end.
	lastNames = regexp.MustCompile(`\(([A-Z][A-Za-z.]*(?:, [A-Z][A-Za-z.]*)*)\)$`)
	weakened  = regexp.MustCompile(`^(account hardening "[^"]*" asks for less than the baseline: )([A-Z][A-Za-z.]*)(: .*)$`)
	deployers = regexp.MustCompile(`^field (Deployers): `)
)

// gapSettings are the settings that make a gap, where an error about the same argument is about another one.
var gapSettings = map[string]string{"threats Detectors": "threats.guardDuty.existing", "threats AccessAnalyzer.Analyzers": "threats.accessAnalyzer.existing"}

// gapAsSettings names the arguments that decide a component's gap as the settings below a key.
func gapAsSettings(key, gap string) string {
	return lastNames.ReplaceAllStringFunc(logAsSettings(gap), func(last string) string {
		var names []string
		for _, argument := range strings.Split(strings.Trim(last, "()"), ", ") {
			name, own := gapSettings[key+" "+argument]
			if !own {
				name = settingOf(key, argument)
			}
			names = append(names, name)
		}
		if len(names) == 1 {
			return "(setting " + names[0] + ")"
		}
		return "(settings " + strings.Join(names, ", ") + ")"
	})
}

func gapsAsSettings(key string, gaps pulumi.StringArrayOutput) pulumi.StringArrayOutput {
	return gaps.ApplyT(func(gaps []string) []string {
		spoken := make([]string, len(gaps))
		for i, gap := range gaps {
			spoken[i] = gapAsSettings(key, gap)
		}
		return spoken
	}).(pulumi.StringArrayOutput)
}

// logAsSettings names the arguments in what a component logs as settings.
func logAsSettings(line string) string {
	line = bothNames.ReplaceAllString(line, "($1")
	line = deployers.ReplaceAllString(line, "deployers: ")
	if found := weakened.FindStringSubmatch(line); found != nil {
		line = found[1] + settingOf("hardening", found[2]) + found[3]
	}
	return phrases.Replace(line)
}

// settingsLog is a log in which arguments of components have the names of their settings.
type settingsLog struct{ pulumi.Log }

func (l settingsLog) Info(line string, args *pulumi.LogArgs) error {
	return l.Log.Info(logAsSettings(line), args)
}

func (l settingsLog) Warn(line string, args *pulumi.LogArgs) error {
	return l.Log.Warn(logAsSettings(line), args)
}

func (l settingsLog) Error(line string, args *pulumi.LogArgs) error {
	return l.Log.Error(logAsSettings(line), args)
}
