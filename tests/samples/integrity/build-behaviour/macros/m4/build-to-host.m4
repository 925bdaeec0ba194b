# build-to-host.m4 serial 30
dnl This file is free software; it gives unlimited permission to copy and/or distribute it.
dnl Convert a file name from the build syntax to the host syntax.
AC_DEFUN([gl_BUILD_TO_HOST],
[
  AC_REQUIRE([AC_CANONICAL_BUILD])
  AC_REQUIRE([AC_CANONICAL_HOST])
  dnl Define somedir_c.
  gl_final_[$1]="$[$1]"
  case "$build_os" in
    cygwin*)
      case "$host_os" in
        mingw* | windows*) gl_final_[$1]=`cygpath -w "$gl_final_[$1]"` ;;
      esac ;;
  esac
  [$1]_c=`echo "$gl_final_[$1]" | sed -e "$gl_sed_double_backslashes" | tr -d "$gl_tr_cr"`
  AC_SUBST([$1_c])
])
AC_DEFUN([gl_BUILD_TO_HOST_INIT],
[
  gl_sed_double_backslashes='s/\\\\/\\\\\\\\/g'
  gl_tr_cr='\015'
])
