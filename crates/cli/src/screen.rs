//! Shows a changing deployment: redrawn in place on a terminal, one line for each change elsewhere.

use std::io;

use azure_classic::Deployment;
use azure_classic_text::sanitize;
use console::Term;

use crate::board::{StyledLine, board, changes};
use crate::output::DEFAULT_WIDTH;

/// The longest line of a story, in characters.
const MAX_MESSAGE_CHARS: usize = 2000;

/// A board, and the lines of a story above it.
pub(crate) struct Screen {
    term: Term,
    /// The cloud service that the board is about.
    service: String,
    /// The board stands at the end and is drawn over.
    redraws_in_place: bool,
    colours: bool,
    /// How many lines of the board stand on the terminal.
    drawn_lines: usize,
    last_deployment: Option<Deployment>,
}

impl Screen {
    pub(crate) fn stdout(service: &str) -> Self {
        Self::new(Term::buffered_stdout(), console::colors_enabled(), service)
    }

    pub(crate) fn stderr(service: &str) -> Self {
        Self::new(Term::buffered_stderr(), console::colors_enabled_stderr(), service)
    }

    fn new(term: Term, colours: bool, service: &str) -> Self {
        // A dumb terminal cannot move its cursor; it has no colours either, but NO_COLOR is no sign of
        // one.
        let is_dumb = std::env::var("TERM").is_ok_and(|kind| kind == "dumb");
        Self {
            redraws_in_place: term.is_term() && !is_dumb,
            term,
            service: service.to_owned(),
            colours,
            drawn_lines: 0,
            last_deployment: None,
        }
    }

    /// Prints a line of the story, escaped. It stays; the board moves down.
    pub(crate) fn print_message(&mut self, text: &str) -> io::Result<()> {
        self.erase()?;
        self.term.write_line(&sanitize(text).truncated_to(MAX_MESSAGE_CHARS).to_string())?;
        if self.redraws_in_place {
            self.draw()?;
        }
        self.term.flush()
    }

    /// Shows the deployment as it is now; nothing, if it is as it was.
    pub(crate) fn show(&mut self, deployment: &Deployment) -> io::Result<()> {
        let before = self.last_deployment.replace(deployment.clone());
        match before {
            Some(before) if before == *deployment => {}
            Some(before) if !self.redraws_in_place => {
                for line in changes(&self.service, &before, deployment) {
                    self.print(&line)?;
                }
            }
            _ => {
                self.erase()?;
                self.draw()?;
            }
        }
        self.term.flush()
    }

    fn erase(&mut self) -> io::Result<()> {
        if self.drawn_lines > 0 {
            self.term.move_cursor_up(self.drawn_lines)?;
            self.term.clear_to_end_of_screen()?;
            self.drawn_lines = 0;
        }
        Ok(())
    }

    fn draw(&mut self) -> io::Result<()> {
        let Some(deployment) = &self.last_deployment else { return Ok(()) };
        let (height, width) = self.term.size();
        let (height, width) = (usize::from(height), usize::from(width));
        let width = if self.redraws_in_place { width } else { DEFAULT_WIDTH };
        let mut lines = board(&self.service, deployment, width);
        // Lines that have scrolled out of the terminal cannot be redrawn.
        if self.redraws_in_place && lines.len() >= height {
            lines.truncate(height.saturating_sub(2).max(1));
        }
        for line in &lines {
            self.print(line)?;
        }
        if self.redraws_in_place {
            self.drawn_lines = lines.len();
        }
        Ok(())
    }

    fn print(&self, line: &StyledLine) -> io::Result<()> {
        let text = line.render(self.colours);
        if !self.redraws_in_place {
            return self.term.write_line(&text);
        }
        // A line that the terminal would wrap takes two, and redrawing would fail.
        let width = usize::from(self.term.size().1);
        self.term.write_line(&console::truncate_str(&text, width, "…"))
    }
}

#[cfg(all(test, unix))]
mod tests;
