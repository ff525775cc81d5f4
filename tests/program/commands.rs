//! The commands: a newcomer's first hour, mistakes, and exit codes.
