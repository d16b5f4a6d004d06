package main

// redirect is a file that results are written to instead of being shown.
type redirect struct {
	file *outputFile
	once bool // only the next result
}

// redirectTo sends results to a file from now on, or just the next one. An empty path
// ends that.
func (s *session) redirectTo(path string, once bool) error {
	if err := s.endRedirect(); err != nil || path == "" {
		return err
	}
	file, err := createOutput(path)
	if err != nil {
		return err
	}
	s.redirect, s.shown = &redirect{file, once}, false
	return nil
}

// written is called when a result is complete.
func (s *session) written() error {
	if s.redirect != nil && s.redirect.once {
		return s.endRedirect()
	}
	return nil
}

// endRedirect puts the file in its place and shows results again.
func (s *session) endRedirect() error {
	if s.redirect == nil {
		return nil
	}
	file := s.redirect.file
	s.redirect, s.shown = nil, false
	return file.commit()
}
