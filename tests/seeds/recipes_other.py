"""Recipes for checks of the pillars verification and culture."""
