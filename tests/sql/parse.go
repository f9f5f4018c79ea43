package athenasql

import (
	"errors"
	"fmt"

	"github.com/antlr4-go/antlr/v4"
	trino "github.com/bytebase/parser/trino"
)

// syntaxErrors collects what the parser complains about.
type syntaxErrors struct {
	antlr.DefaultErrorListener
	found []error
}

func (s *syntaxErrors) SyntaxError(_ antlr.Recognizer, _ any, line, column int, message string, _ antlr.RecognitionException) {
	s.found = append(s.found, fmt.Errorf("line %d, column %d: %s", line, column, message))
}

// Parse reads one statement, with the semicolon at its end, by Trino's grammar.
func Parse(text string) (trino.ISingleStatementContext, error) {
	listener := &syntaxErrors{}
	lexer := trino.NewTrinoLexer(antlr.NewInputStream(text))
	lexer.RemoveErrorListeners()
	lexer.AddErrorListener(listener)
	tokens := antlr.NewCommonTokenStream(lexer, antlr.TokenDefaultChannel)
	parser := trino.NewTrinoParser(tokens)
	parser.RemoveErrorListeners()
	parser.AddErrorListener(listener)
	statement := parser.SingleStatement()
	if len(listener.found) > 0 {
		return nil, errors.Join(listener.found...)
	}
	if next := tokens.LT(1); next.GetTokenType() != antlr.TokenEOF {
		return nil, fmt.Errorf("line %d: %q follows the statement", next.GetLine(), next.GetText())
	}
	return statement, nil
}
